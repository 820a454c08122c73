"""Run by QEMU for each connection of the guest to the service: joins standard input and output to a port of ours."""

import os
import select
import socket
import sys


def main() -> None:
    """Pass bytes on until either side ends."""
    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as peer:
        ways = {0: peer.fileno(), peer.fileno(): 1}
        while True:
            for source in select.select(list(ways), [], [])[0]:
                data = os.read(source, 65536)
                if not data:
                    return
                while data:
                    data = data[os.write(ways[source], data) :]


if __name__ == "__main__":
    main()
