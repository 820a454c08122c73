"""The machine: QEMU without any help of the processor, its keyboard and screen, and a line to the agent inside."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

KERNEL = "root=/dev/vda rw console=ttyS0,115200 console=tty0 net.ifnames=0 quiet loglevel=3"
_KEYS = {"@": ("shift", "2"), ".": ("dot",), "-": ("minus",), " ": ("spc",), "/": ("slash",)}


class Late(Exception):
    """Something did not come in time: what, and what there was instead."""


class Line:
    """JSON, a line each way, over a socket of QEMU's."""

    def __init__(self, path: Path, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while True:
            self._socket = socket.socket(socket.AF_UNIX)
            try:
                self._socket.connect(str(path))
                break
            except OSError:
                self._socket.close()
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
        self._rest = b""

    def close(self) -> None:
        self._socket.close()

    def say(self, **words: object) -> None:
        self._socket.sendall(json.dumps(words).encode() + b"\n")

    def hear(self, seconds: float) -> dict[str, Any]:
        end = time.monotonic() + seconds
        while b"\n" not in self._rest:
            self._socket.settimeout(max(0.01, end - time.monotonic()))
            try:
                data = self._socket.recv(65536)
            except TimeoutError:
                raise Late(f"no answer in {seconds:.0f} s") from None
            if not data:
                raise Late("QEMU has ended")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer


class Machine:
    """One machine; switched on and off as often as wanted, with the same disk."""

    def __init__(self, made: Path, folder: Path, service_port: int) -> None:
        self._made = made
        self._folder = folder
        self._port = service_port
        self._process: subprocess.Popen[bytes] | None = None
        self._monitor: Line | None = None
        self._agent: Line | None = None

    def on(self, seconds: float = 300) -> float:
        """Switch on, and wait for the agent; the seconds that it took."""
        began = time.monotonic()
        for name in ("qmp", "agent"):
            (self._folder / name).unlink(missing_ok=True)
        with (self._folder / "qemu.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self._monitor = Line(self._folder / "qmp")
        self._agent = Line(self._folder / "agent")
        self._monitor.hear(20)
        self.monitor("qmp_capabilities")
        self.wait_for_agent(seconds)
        return time.monotonic() - began

    def _command(self) -> list[str]:
        forward = f"{sys.executable} -I -S {Path(__file__).parent / 'forward.py'} {self._port}"
        return [
            "nice", "qemu-system-x86_64", "-machine", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2",
            "-m", "1024", "-display", "none", "-vga", "std", "-nodefaults", "-no-user-config",
            "-kernel", str(self._made / "vmlinuz"), "-initrd", str(self._made / "initrd.img"), "-append", KERNEL,
            "-drive", f"file={self._folder / 'disk.qcow2'},format=qcow2,if=virtio",
            "-drive", f"file={self._folder / 'brought.img'},format=raw,if=virtio,readonly=on",
            # Out of this network leads one way: to the service's port on our loopback.
            "-netdev", f"user,id=net,restrict=on,guestfwd=tcp:10.0.2.100:8787-cmd:{forward}",
            "-device", "virtio-net-pci,netdev=net", "-device", "virtio-rng-pci",
            "-chardev", f"socket,id=agent,path={self._folder / 'agent'},server=on,wait=off",
            "-device", "virtio-serial-pci", "-device", "virtserialport,chardev=agent,name=guest.agent",
            "-serial", f"file:{self._folder / 'serial.log'}",
            "-qmp", f"unix:{self._folder / 'qmp'},server=on,wait=off",
        ]  # fmt: skip

    def cut(self) -> None:
        """Pull the plug: nothing in the guest hears of it."""
        for line in (self._monitor, self._agent):
            if line is not None:
                line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._monitor = self._agent = self._process = None

    def monitor(self, command: str, **arguments: object) -> Any:
        """A command of QMP; its answer."""
        assert self._monitor is not None
        self._monitor.say(execute=command, arguments=arguments)
        while True:
            answer = self._monitor.hear(30)
            if "error" in answer:
                raise Late(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def wait_for_agent(self, seconds: float = 300) -> None:
        """Until the agent says that it is there."""
        assert self._agent is not None
        while not self._agent.hear(seconds).get("ready"):
            pass

    def run(self, command: str, seconds: float = 60) -> tuple[int, str]:
        """A shell command in the guest, as root: its exit code and what it says."""
        assert self._agent is not None
        self._agent.say(command=command, seconds=seconds)
        answer = self._agent.hear(seconds + 60)
        return int(answer["code"]), str(answer["output"])

    def get(self, command: str, seconds: float = 60) -> str:
        """What a command says, which must succeed."""
        code, output = self.run(command, seconds)
        if code:
            raise Late(f"{command}: exit code {code}: {output.strip()}")
        return output.strip()

    def reboot(self) -> float:
        """Shut down and boot, as from inside; the seconds until the agent is back."""
        began = time.monotonic()
        self.run("systemctl --no-block reboot")
        self.wait_for_agent()
        return time.monotonic() - began

    def press(self, *keys: str, pause: float = 0.15) -> None:
        """Keys of the machine's keyboard by their names at QEMU, joined by + where they are held together."""
        for key in keys:
            codes = [{"type": "qcode", "data": code} for code in key.split("+")]
            self.monitor("send-key", keys=codes, **{"hold-time": 40})
            time.sleep(pause)

    def type(self, text: str) -> None:
        """Text on an American keyboard, in small letters."""
        self.press(*("+".join(_KEYS.get(letter, (letter,))) for letter in text))

    def picture(self, path: Path) -> None:
        """What is on the screen, as a PNG."""
        self.monitor("screendump", filename=str(path), format="png")

    def screen(self, console: int = 1) -> str:
        """The text on a console, as the kernel has it."""
        code = f"""
import os
data = open("/dev/vcsu{console}", "rb").read()
rows, columns = open("/dev/vcsa{console}", "rb").read(2)
text = data.decode("utf-32-le", "replace")
print("\\n".join(text[n : n + columns].rstrip() for n in range(0, rows * columns, columns)))
"""
        return self.get(f"python3 -IBSc '{code}'")

    def see(self, wanted: str, seconds: float = 60) -> str:
        """The text on the first console, as soon as `wanted` stands in it."""
        shown = ""

        def there() -> bool:
            nonlocal shown
            shown = self.screen()
            return wanted in shown

        self.until(there, f"{wanted!r} on the screen", seconds, lambda: shown)
        return shown

    def until(
        self, reached: Callable[[], bool], what: str, seconds: float = 60, instead: Callable[[], str] = str
    ) -> float:
        """Wait for something; the seconds that it took."""
        began = time.monotonic()
        while not reached():
            if time.monotonic() - began > seconds:
                raise Late(f"{what} did not come in {seconds:.0f} s; instead:\n{instead()}")
            time.sleep(0.3)
        return time.monotonic() - began
