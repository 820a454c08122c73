"""A prompter for gnome-keyring that takes every question and answers none: a television with nobody before it."""

from jeepney import MessageType, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

NAME = "org.gnome.keyring.SystemPrompter"


def main() -> None:
    """Own the prompter's name, and say nothing to anybody."""
    connection = open_dbus_connection()
    Proxy(message_bus, connection).RequestName(NAME)
    print("ready", flush=True)
    while True:
        message = connection.receive()
        if message.header.message_type is MessageType.method_call:
            print("asked", flush=True)
            connection.send(new_method_return(message))


if __name__ == "__main__":
    main()
