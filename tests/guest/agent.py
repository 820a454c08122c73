"""Runs in the guest, as root, and does what the check says: a shell command a line, in JSON, over a serial port.

{"command": "...", "seconds": 30}  ->  {"code": 0, "output": "..."}
"""

import json
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    """Serve until the guest ends."""
    with Path(sys.argv[1]).open("r+b", buffering=0) as port:
        port.write(b'{"ready": true}\n')
        line = b""
        while True:
            byte = port.read(1) or b""
            if not byte:  # nobody holds the other end yet
                time.sleep(0.2)
            line += byte
            if byte == b"\n":
                port.write(json.dumps(answer(json.loads(line))).encode() + b"\n")
                line = b""


def answer(asked: dict[str, object]) -> dict[str, object]:
    """Run what was asked for."""
    try:
        ran = subprocess.run(
            ["/bin/sh", "-c", str(asked["command"])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=float(str(asked["seconds"])),
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return {"code": 124, "output": (late.stdout or b"").decode(errors="replace")}
    return {"code": ran.returncode, "output": ran.stdout.decode(errors="replace")}


if __name__ == "__main__":
    main()
