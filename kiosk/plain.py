"""`kiosk login`: the same sign-in as lines of text, for pipes, screen readers and scripts."""

import asyncio
import os
import threading
from gettext import gettext as _

from kiosk.exits import exit_code
from kiosk.settings import Settings
from kiosk.signin.flow import SignIn
from kiosk.signin.intents import AcceptPolicy, Cancel, ChangeAddress, Continue, Intent, Leave, SendAgain, Submit
from kiosk.signin.states import (
    Ended,
    Entering,
    Finished,
    NotSetUp,
    Outcome,
    PolicyDue,
    Resting,
    Sending,
    SigningOut,
    State,
    Waiting,
    Welcome,
)
from kiosk.text import clean
from kiosk.wiring import sign_in_for
from kiosk.words import notice_words, problem_words, vault_words

LONGEST_LINE = 4096


def login(settings: Settings) -> int:
    """Sign in with one line a state; returns the exit code."""
    return exit_code(asyncio.run(_Teller(sign_in_for(settings)).run()))


class _Teller:
    """Says each state once, and turns lines into intents."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in
        self._said: State | None = None
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._ready = asyncio.Event()
        """A line can be made use of. What was piped in ahead waits until it is asked for."""
        self._input_over = False

    async def run(self) -> Outcome:
        """Live through the flow."""
        read_lines(self._lines)
        self._sign_in.subscribe(self._tell)
        flow = asyncio.create_task(self._sign_in.run())
        listening = asyncio.create_task(self._listen())
        try:
            return await flow
        finally:
            listening.cancel()

    def _tell(self, state: State) -> None:
        if (line := _line(state, self._said)) is not None:
            print(line, flush=True)
        self._said = state
        match state:
            case Entering(restoring=False):
                if self._input_over:
                    self._sign_in.send(Leave())
                else:
                    print(_("Email or username:"), flush=True)
                    self._ready.set()
            case Waiting():
                self._ready.set()
            case Welcome():
                self._sign_in.send(Continue())
            case Ended() | NotSetUp():
                self._sign_in.send(Leave())
            case PolicyDue(accepting=False):
                print(_("Type yes to accept it, or anything else to stop:"), flush=True)
                self._ready.set()

    async def _listen(self) -> None:
        while True:
            await self._ready.wait()
            if (line := await self._lines.get()) is None:
                break
            if intent := _intent(line, self._sign_in.state):
                if not isinstance(self._sign_in.state, Waiting):
                    self._ready.clear()
                self._sign_in.send(intent)
        self._input_over = True
        if isinstance(self._sign_in.state, Entering | PolicyDue):
            self._sign_in.send(Leave())


def _intent(line: str, state: State) -> Intent | None:
    word = line.strip().casefold()
    match state:
        case Entering():
            return Submit(line)
        case Waiting():
            words: dict[str, Intent] = {_("again"): SendAgain(), _("change"): ChangeAddress(), _("cancel"): Cancel()}
            return words.get(word)
        case PolicyDue():
            return AcceptPolicy() if word == _("yes") else Cancel()
    return None


def _line(state: State, before: State | None) -> str | None:
    """What to say of a state, where it differs from what was said."""
    match state:
        case Entering():
            return _entering(state)
        case Sending():
            return _("Sending the link...")
        case Waiting():
            return _waiting(state, before if isinstance(before, Waiting) else None)
        case PolicyDue(problem=None):
            return _("The privacy policy has to be accepted first.")
        case PolicyDue() | Ended():
            return str(problem_words(state.problem)) if state.problem else None
        case NotSetUp():
            return str(problem_words(state.problem)) if state.problem else _("This box is not set up yet.")
        case Welcome():
            return _welcome(state)
        case SigningOut() | Resting() | Finished():
            return None


def _entering(state: Entering) -> str | None:
    if state.problem is not None:
        return str(problem_words(state.problem))
    if state.notice is not None:
        return str(notice_words(state.notice))
    if state.vault_problem is not None:
        return str(vault_words(state.vault_problem))
    return None


def _waiting(state: Waiting, before: Waiting | None) -> str | None:
    if before is None:
        sent = _("We sent a link to {address}. Open it on any device.").format(address=clean(state.identifier.masked))
        return f"{sent}\n{_('Type again for another link, change for another address, cancel to stop.')}"
    if state.refused != before.refused and state.refused is not None:
        return str(problem_words(state.refused))
    if state.resent and not before.resent:
        return _("Another link is on its way. Whichever you open signs you in.")
    if state.trouble != before.trouble:
        if state.trouble is None:
            return _("Waiting for you to open the link")
        if before.trouble is None or before.trouble.problem != state.trouble.problem:
            return str(problem_words(state.trouble.problem))
    return None


def _welcome(state: Welcome) -> str:
    name = clean(state.name)
    lines = [_("Welcome, {name}").format(name=name) if name else _("Welcome")]
    if state.vault_problem is not None:
        kept = _("{problem} This sign-in lasts until the app ends.")
        lines.append(kept.format(problem=vault_words(state.vault_problem)))
    return "\n".join(lines)


def read_lines(into: "asyncio.Queue[str | None]") -> None:
    """Put the lines of standard input into a queue, and None at its end.

    In a daemon thread that reads the descriptor itself: one that waits inside `sys.stdin` would hold its lock when
    the interpreter ends.
    """
    loop = asyncio.get_running_loop()

    def put(line: str | None) -> None:
        try:
            loop.call_soon_threadsafe(into.put_nowait, line)
        except RuntimeError:  # the loop has ended meanwhile; so will this thread
            return

    def read() -> None:
        rest = b""
        while chunk := _read_some():
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                put(line.decode("utf-8", "replace"))
            rest = rest[-LONGEST_LINE:]
        if rest:
            put(rest.decode("utf-8", "replace"))
        put(None)

    threading.Thread(target=read, name="stdin", daemon=True).start()


def _read_some() -> bytes:
    try:
        return os.read(0, 4096)
    except OSError:
        return b""
