"""`python -m tests.guest --package FILE.deb`: the package in an emulated Debian, check by check."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.guest.box import Box
from tests.guest.checks import ALWAYS, CHECKS
from tests.guest.image import ImageError, base, disks
from tests.guest.machine import Late, Machine


def main() -> int:
    """Run, and tell what was seen; 1 where something failed."""
    names = [check.__name__ for check in CHECKS]
    parser = argparse.ArgumentParser(prog="python -m tests.guest", description=__doc__)
    parser.add_argument("--package", type=Path, help="what packaging/debian/build has built; built now unless given")
    parser.add_argument("--only", action="append", choices=names, help="this check, and the installation before it")
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where pictures, disk and logs stay")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and the machine is switched off on the way
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "kiosk-guest")
    with tempfile.TemporaryDirectory(prefix="guest-") as scratch:
        folder = (options.keep or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "disk.qcow2").unlink(missing_ok=True)
        try:
            made = base(cache)
            disks(made, options.package or _built(folder), folder)
        except ImageError as error:
            print(f"tests.guest: {error}", file=sys.stderr)
            return 2
        with _service(folder) as port:
            return _run(Machine(made, folder, port), folder, options.only)


def _run(machine: Machine, folder: Path, only: list[str] | None) -> int:
    wrong = 0
    box = Box(machine, folder)
    try:
        print(f"ok    switched on in {machine.on():.0f} s", flush=True)
        for check in CHECKS:
            if only and check.__name__ not in only and check not in ALWAYS:
                continue
            began, box.figures = time.monotonic(), []
            try:
                check(box)
                verdict = "ok   "
            except (Late, OSError) as failed:
                wrong += 1
                verdict, box.figures = "WRONG", [*box.figures, str(failed)]
                box.evidence(f"wrong-{check.__name__}")
            print(f"{verdict} {check.__name__}, {time.monotonic() - began:.0f} s: {'; '.join(box.figures)}", flush=True)
            if wrong and check in ALWAYS:
                break
    finally:
        machine.cut()
    return 1 if wrong else 0


def _built(folder: Path) -> Path:
    """The package of these sources."""
    build = Path(__file__).parents[2] / "packaging/debian/build"
    ran = subprocess.run([sys.executable, build, folder], capture_output=True, text=True, timeout=900)
    if ran.returncode:
        raise ImageError(ran.stderr.strip())
    return Path(ran.stdout.strip())


@contextmanager
def _service(folder: Path) -> Iterator[int]:
    """The embedded service, on this machine's loopback; its port."""
    command = [sys.executable, "-m", "kiosk", "serve", "--port", "0"]
    with (folder / "service.log").open("w") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline().strip().rpartition(":")[2])
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    sys.exit(main())
