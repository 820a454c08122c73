"""The box in the guest, as whoever stands in front of it and whoever keeps it see it."""

import json
import re
import shlex
import time
from pathlib import Path

from tests.guest.machine import Late, Machine

ADDRESS = "jane.doe@example.com"
SETTINGS = """api_url = "http://127.0.0.1:8787"
api_key = "demo-key"
site_name = "Demo"
device_name = "Guest TV"
remote = true
"""
SLOW = 180.0
"""Seconds that a start may take: this machine is twenty times slower than the one that emulates it."""


class Box:
    """A machine with the package on it."""

    def __init__(self, machine: Machine, pictures: Path) -> None:
        self.machine = machine
        self._pictures = pictures
        self.figures: list[str] = []
        """What is worth a line of the report, of the check that runs."""

    def picture(self, name: str) -> None:
        """Keep what is on the screen, for people to look at."""
        self.machine.picture(self._pictures / f"{name}.png")

    def evidence(self, name: str) -> None:
        """Keep what helps to find out what went wrong: the screen, and the journal of this boot."""
        self.picture(name)
        journal = self.machine.run("systemctl list-jobs; journalctl --boot --output=short-monotonic | tail -n 300")[1]
        (self._pictures / f"{name}.log").write_text(journal, encoding="utf-8")

    def install(self) -> None:
        """Install the package and set it up, as its page says; nothing is started."""
        began = time.monotonic()
        self.machine.get("dpkg --install /guest/kiosk.deb", 300)
        self.figures.append(f"installed in {time.monotonic() - began:.0f} s")
        self.put("/etc/kiosk/kiosk.toml", SETTINGS)
        self.put("/etc/systemd/system/kiosk.service.d/remote.conf", "[Service]\nSupplementaryGroups=input\n")
        self.machine.get("echo uinput > /etc/modules-load.d/uinput.conf; modprobe uinput; systemctl daemon-reload")

    def put(self, path: str, text: str) -> None:
        """Write a file."""
        self.machine.get(f"mkdir -p {Path(path).parent} && printf %s {shlex.quote(text)} > {path}")

    def unit(self, name: str) -> str:
        """A property of the service."""
        return self.machine.get(f"systemctl show kiosk.service --value -p {name}")

    def active(self, unit: str = "kiosk.service") -> bool:
        return self.machine.run(f"systemctl is-active {unit}")[1].strip() == "active"

    def until_active(self, seconds: float = SLOW) -> None:
        """Until the service says that it is ready."""
        self.machine.until(
            self.active, "the service", seconds, lambda: self.machine.run("journalctl -u kiosk | tail -n 20")[1]
        )

    def until_decided(self) -> None:
        """Until the service is ready, and an earlier sign-in has shown itself: of that the first frame says nothing."""
        self.until_active()
        time.sleep(8)

    def start_seconds(self) -> float:
        """From the start of its process to the first frame, of the last start."""
        started, ready = (self.unit(f"{name}TimestampMonotonic") for name in ("ExecMainStart", "ActiveEnter"))
        return (int(ready) - int(started)) / 1e6

    def typed(self) -> str:
        """What stands in the entry line."""
        return self.machine.screen().splitlines()[3].strip("│║ ")

    def until_typed(self, wanted: str, seconds: float = 20) -> None:
        self.machine.until(lambda: self.typed() == wanted, f"{wanted!r} in the entry", seconds, self.typed)

    def at_the_entry(self) -> None:
        """Bring the sign-in to an empty entry, wherever it is."""
        end = time.monotonic() + SLOW
        self.until_decided()
        while "Email or username" not in (shown := self.machine.screen()):
            if time.monotonic() > end:
                raise Late(f"no way back to an empty entry:\n{shown}")
            if "Sign out" in shown:
                self.machine.press("ret")
            elif "Continue" in shown:
                self.machine.press(*["backspace"] * max(1, len(self.typed())))
            else:
                self.machine.press("esc")
            time.sleep(1)

    def submit(self) -> None:
        """Type the address on the machine's keyboard, and wait for the waiting screen."""
        self.at_the_entry()
        self.machine.type(ADDRESS)
        self.until_typed(ADDRESS)
        self.machine.press("ret")
        self.machine.see("Waiting for you to open the link")

    def open_link(self) -> None:
        """What the person's phone does with the newest mail's link; here a curl in the guest."""
        mails = json.loads(self.machine.get("curl -sS --max-time 30 http://127.0.0.1:8787/mailbox/messages"))
        newest = max(mails, key=lambda mail: str(mail["received"]))
        link = re.sub("//[^/]+", "//127.0.0.1:8787", newest["links"][0])
        self.machine.get(f"curl -sS --fail --max-time 30 -o /dev/null -X POST {shlex.quote(link)}")

    def signed_in(self) -> None:
        """Have Jane signed in, by the whole way if need be."""
        self.until_decided()
        if "Jane" not in self.machine.screen():
            self.submit()
            self.open_link()
            self.machine.see("Welcome, Jane")

    def remote(self, *presses: object) -> None:
        """Plug a remote in, press, unplug."""
        self.machine.get(f"python3 -IB /guest/remote.py {' '.join(map(str, presses))}")
