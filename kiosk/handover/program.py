"""The operator's program: started in the foreground of our terminal, waited for, ended when we must end.

It runs in a process group of its own, so that Ctrl-C in it is its own affair, and so that it is ended with all that it
has started. A program that stops itself (Ctrl-Z) is continued at once: there is no shell that could.
"""

import asyncio
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from kiosk.handover.foreground import Foreground
from kiosk.handover.passing import Passed, Passing
from kiosk.signin.intents import ProgramEnded

GRACE = 5.0
"""Seconds that a program gets to end itself after SIGTERM, before SIGKILL."""

NOT_PASSED_ON = frozenset({"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID"})
"""By these systemd speaks with the kiosk itself: the program must not answer for it.

CREDENTIALS_DIRECTORY is passed on: `kiosk logout` in the program needs the sealed keyring's key, and a program of the
same user could open the directory anyway.
"""

_OURS = "TEXTUAL"
"""How variables begin that were set for our own screens."""


class Program:
    """A command, to be run whenever somebody is signed in and goes on.

    Args:
        command: The program and its arguments.
        environ: The environment to give it, without what is the kiosk's own.
        passing: How it gets the token.
        grace: Seconds between SIGTERM and SIGKILL.
    """

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str], passing: Passing, *, grace: float = GRACE
    ) -> None:
        self._command = list(command)
        self._environ = {
            name: value for name, value in environ.items() if name not in NOT_PASSED_ON and not name.startswith(_OURS)
        }
        self._passing = passing
        self._grace = grace
        self._child: subprocess.Popen[bytes] | None = None
        self._ending: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether it has the terminal."""
        return self._child is not None

    async def run(self, token: str, terminal: int) -> ProgramEnded:
        """Run it to its end, in the foreground of the terminal behind a descriptor; never raises."""
        try:
            passed = self._passing.begin(token)
            foreground = Foreground(terminal)
            child = self._child = self._start(passed, terminal)
        except (OSError, ValueError):  # ValueError: a NUL in an argument
            self._passing.end()
            return ProgramEnded(None)
        try:
            with ExitStack() as cut_short:
                # Where our own end comes before the program's: it must not be left with what is somebody else's then.
                cut_short.callback(_kill, child)
                with foreground.given_to(child.pid):
                    await self._until_ended(child)
                    await self._end_group(child.pid)
                cut_short.pop_all()
        finally:
            self._child = None
            self._passing.end()
        return ProgramEnded(child.returncode)

    def renew(self, token: str) -> None:
        """The session has another token now."""
        if self._child is not None:
            self._passing.renew(token)

    def stop(self) -> None:
        """End it, kindly first; `run` returns once it has ended."""
        if self._child is not None and self._ending is None:
            self._ending = asyncio.create_task(self._end(self._child.pid))

    def _start(self, passed: Passed, terminal: int) -> "subprocess.Popen[bytes]":
        # Our standard output may be a log: what a program shows belongs on the terminal.
        return subprocess.Popen(  # noqa: S603 - the operator's own command
            self._command,
            env={**self._environ, **passed.environ},
            pass_fds=passed.descriptors,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            process_group=0,
        )

    async def _until_ended(self, child: "subprocess.Popen[bytes]") -> None:
        changed = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGCHLD, changed.set)
        try:
            while child.poll() is None:
                if _stopped(child.pid):
                    _signal(child.pid, signal.SIGCONT)
                await changed.wait()
                changed.clear()
        finally:
            loop.remove_signal_handler(signal.SIGCHLD)

    async def _end(self, group: int) -> None:
        """SIGTERM to all of the group, SIGKILL to what is left of it after the grace."""
        end = asyncio.get_running_loop().time() + self._grace
        _signal(group, signal.SIGTERM)
        _signal(group, signal.SIGCONT)
        while _signal(group, 0) and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - of a group nobody tells
            await asyncio.sleep(0.05)
        _signal(group, signal.SIGKILL)

    async def _end_group(self, group: int) -> None:
        """What the program has left behind would go on drawing over the sign-in."""
        if self._ending is None:
            self._ending = asyncio.create_task(self._end(group))
        await self._ending
        self._ending = None


def _kill(child: "subprocess.Popen[bytes]") -> None:
    _signal(child.pid, signal.SIGKILL)
    child.wait()


def _stopped(pid: int) -> bool:
    try:
        return os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG) is not None
    except ChildProcessError:
        return False


def _signal(group: int, number: int) -> bool:
    """Send a signal to a process group; whether there is one."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
