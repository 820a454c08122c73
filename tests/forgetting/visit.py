"""A screen that somebody visits: the app in a terminal, the service, and what the visit left behind."""

import base64
import hashlib
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.forgetting.app import AHEAD, FOLDER, GO, HELD, HOLDERS, WANTED
from tests.forgetting.relay import Relay
from tests.reporting.sockets import Datagrams
from tests.terminal import Terminal

ADDRESS, USERNAME, NAME = "vexquill.zornwaltz@posteo.example", "zwqx77", "Balthazar"
SURNAME = "Quorthoven"
LOCAL = ADDRESS.partition("@")[0]
PASSED_ON = "xylo.phonist@posteo.example"
"""Typed as well, and then changed."""
BARRED, UNDECIDED = "vexquill.barred@posteo.example", "vexquill.undecided@posteo.example"
"""An account that is blocked, and one that has to accept the policy."""

SITE = f"""name = "Forgetting"
api_key = "demo-key"
api_secret = "demo-secret"
confirm = "number"
privacy_policy = "1.0"
requests_per_second = 0
[mail_limit]
mails = 1000000
[[accounts]]
email = "{ADDRESS}"
username = "{USERNAME}"
first_name = "{NAME}"
last_name = "{SURNAME}"
[[accounts]]
email = "{BARRED}"
refuse = 1130
refuse_at = "request"
[[accounts]]
email = "{UNDECIDED}"
policy_accepted = false
"""

TEXTUAL = b"\x1b[?1004h"
"""What the driver says first."""

LIMIT = 40.0
"""Seconds for anything to come: far more than it takes, however busy the machine is."""


@contextmanager
def service(folder: Path) -> Iterator[str]:
    """`kiosk serve` in a process of its own; its address."""
    site = folder / "site.toml"
    site.write_text(SITE)
    command = [sys.executable, "-m", "kiosk", "serve", "--port", "0", "--site", str(site)]
    with (
        (folder / "service.log").open("wb") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log) as process,
    ):
        assert process.stdout is not None
        try:
            line = process.stdout.readline().decode()
            yield next(word for word in line.split() if word.startswith("http://")).rstrip(".,")
        finally:
            process.terminate()


@dataclass
class Visit:
    """One screen, and its visitor."""

    folder: Path
    screen: Terminal
    relay: Relay
    mailbox: str
    notified: Datagrams
    environ: Mapping[str, str]
    ahead: float = 0.0

    def see(self, words: str) -> None:
        self.screen.see(words, limit=LIMIT)

    def press(self, *keys: str) -> None:
        self.screen.press(*keys)

    def until_remembered(self) -> None:
        """Until the first frame is kept for the next start."""
        frame = self.folder / "home" / "cache" / "kiosk" / "first-frame"
        end = time.monotonic() + LIMIT
        while not frame.exists():
            assert time.monotonic() < end, f"no frame; on the screen:\n{self.screen.text}"
            self.screen.read()

    def switch_on_again(self) -> None:
        """End the app and start it anew, with the frame that it has left; Textual waits for `let_textual_come`."""
        self.screen.process.terminate()
        self.screen.exit_code(LIMIT)
        self.screen.__exit__(None, None, None)
        self.screen = _switched_on(self.folder, self.environ)

    def let_textual_come(self) -> None:
        """Textual takes over from the remembered frame."""
        assert TEXTUAL not in self.screen.raw
        (self.folder / GO).touch()
        self.screen.until(TEXTUAL, LIMIT)

    def later(self, seconds: float) -> None:
        """So much time goes by."""
        self.ahead += seconds
        draft = self.folder / f"{AHEAD}.new"
        draft.write_text(str(self.ahead))
        draft.rename(self.folder / AHEAD)

    def in_the_end(self, words: str) -> None:
        """Let time go by until these words are seen."""
        end = time.monotonic() + LIMIT
        while words not in self.screen.text:
            assert time.monotonic() < end, f"{words!r} never came; on the screen:\n{self.screen.text}"
            self.later(400)
            self.screen.rest(1.0)

    def reach(self, focused: str) -> None:
        """Move the focus until this is on the screen."""
        end = time.monotonic() + LIMIT
        for key in itertools.cycle(("right", "right", "down", "left", "left", "up")):
            if focused in self.screen.text:
                while self.screen.read(0.2):
                    pass  # a frame may be half there yet, with a choice of the screen before in the rest
                if focused in self.screen.text:
                    return
            assert time.monotonic() < end, f"{focused!r} is out of reach; on the screen:\n{self.screen.text}"
            self._move(key)

    def _move(self, key: str) -> None:
        """Press an arrow and wait for where it leads: on a busy machine the next one would be a step too many."""
        before = self._focused()
        self.press(key)
        end = time.monotonic() + 2.0  # at an edge it leads nowhere
        while self._focused() == before and time.monotonic() < end:
            self.screen.rest(0.1)

    def _focused(self) -> list[str]:
        return re.findall(r"▶ .*? ◀", self.screen.text)

    def open_link(self) -> None:
        """Open the newest mail's link and pick the number that the screen shows."""
        end = time.monotonic() + LIMIT
        while not (mails := httpx.get(f"{self.mailbox}/messages", trust_env=False).json()) or not self.relay.numbers:
            assert time.monotonic() < end, f"no mail, or no number; on the screen:\n{self.screen.text}"
            self.screen.read()
        link = max(mails, key=lambda mail: mail["id"])["links"][0]
        pressed = httpx.post(link, data={"number": self.relay.numbers[-1]}, trust_env=False)
        assert pressed.status_code == 200, pressed.text

    def needles(self) -> dict[str, re.Pattern[bytes]]:
        """What must be nowhere, by what it is."""
        relay = self.relay
        numbers = {f"this number: {each}" for each in relay.numbers}
        what: dict[str, set[str]] = {
            "address": {LOCAL, PASSED_ON.partition("@")[0], *(typed[:5] for typed in (ADDRESS, PASSED_ON))},
            "username": {USERNAME}, "name": {NAME, SURNAME}, "masked": {f"{LOCAL[0]}•••"},
            "GUID": relay.guids, "token": relay.tokens, "uid": relay.uids, "number": numbers,
        }  # fmt: skip
        return {
            name: re.compile(b"|".join(re.escape(text.encode()) for text in texts), re.IGNORECASE)
            for name, texts in what.items()
            if texts
        }

    def kinds_left_behind(self) -> set[str]:
        """What kinds of things this process holds of the visitor, by their names in `needles`, and of their classes."""
        texts, things = self._snapshot()
        needles = self.needles()
        return {name for name, needle in needles.items() if any(needle.search(text) for text in texts)} | things.keys()

    def left_behind(self) -> list[str]:
        """What is found of the visitor: on the screen, in the files, in what systemd was told, in the process."""
        self.screen.rest(1.0)  # the forgetting follows the frame that is seen
        needles = self.needles()
        places = {"the screen": self.screen.text.encode(), "systemd": "\n".join(self.notified.read()).encode()}
        files = [path for path in (self.folder / "home").rglob("*") if path.is_file()]
        places |= {path.name: path.read_bytes() for path in files}
        found = [
            f"{name}: {place}"
            for place, data in places.items()
            for name, needle in needles.items()
            if needle.search(data)
        ]
        texts, things = self._snapshot()
        found += [f"{number} of {kind}" for kind, number in things.items()]
        leaks = [text for text in texts if any(needle.search(text) for needle in needles.values())]
        if leaks:
            found += [repr(text[:100]) for text in leaks]
            hashes = [hashlib.sha256(text).hexdigest() for text in leaks]
            (self.folder / WANTED).write_text(json.dumps(hashes))
            found.append(self._ask(HOLDERS))
        return found

    def comes_to_nothing(self) -> list[str]:
        """The same, once what the service has yet to be told had the time for it."""
        end = time.monotonic() + LIMIT
        while (left := self.left_behind()) and time.monotonic() < end:
            self.later(10.0)
            self.screen.rest(0.5)
        return left

    def _snapshot(self) -> tuple[list[bytes], dict[str, int]]:
        snapshot = json.loads(self._ask(HELD))
        texts = [base64.b64decode(each) for each in snapshot["texts"]]
        assert len(texts) > 10_000, "a snapshot of next to nothing"
        return texts, snapshot["things"]

    def _ask(self, name: str) -> str:
        """Have the app write this file, and read it."""
        answer = self.folder / name
        answer.unlink(missing_ok=True)
        self.screen.process.send_signal(signal.SIGUSR2)
        end = time.monotonic() + LIMIT
        while not answer.exists():
            assert time.monotonic() < end, f"it writes nothing; on the screen:\n{self.screen.text}"
            assert self.screen.process.poll() is None, self.screen.text
            self.screen.read()
        return answer.read_text("utf-8")


def _switched_on(folder: Path, environ: Mapping[str, str]) -> Terminal:
    return Terminal([], folder / "home", module="tests.forgetting.app", environ=environ)


@contextmanager
def visit(folder: Path, **settings: str) -> Iterator[Visit]:
    """A screen that has just been switched on."""
    home = folder / "home"
    home.mkdir()
    notified = Datagrams(folder / "notify")
    with service(folder) as url, Relay(url) as relay:
        environ = {
            FOLDER: str(folder),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "NOTIFY_SOCKET": str(notified.path),
            "KIOSK_API_URL": relay.url,
            "KIOSK_API_KEY": "demo-key",
            "KIOSK_DEVICE_NAME": "Lobby TV",
            "KIOSK_KEYRING": "sealed-file",
            "KIOSK_KEYRING_KEY_FILE": str(home / "key"),
            "KIOSK_LOG": str(home / "kiosk.log"),
            "KIOSK_LOG_LEVEL": "debug",
            "KIOSK_METRICS_FILE": str(home / "kiosk.prom"),
            "KIOSK_IDLE_MINUTES": "5",
            "KIOSK_WAIT_MINUTES": "60",
            "KIOSK_SIGN_OUT_SECONDS": "300",
            "TEXTUAL_ANIMATIONS": "none",
            **settings,
        }
        there = Visit(folder, _switched_on(folder, environ), relay, f"{url}/mailbox", notified, environ)
        try:
            yield there
        finally:
            there.screen.__exit__(None, None, None)
            notified.close()
