"""`kiosk login`: the same sign-in as lines of text, for pipes, screen readers and scripts."""

import asyncio
import os
import threading

from kiosk.crash import Told
from kiosk.exits import GIVEN_UP, INTERNAL, exit_code
from kiosk.language import gettext as _
from kiosk.loop import run
from kiosk.reporting.front import Front
from kiosk.settings.loading import Settings
from kiosk.signin.flow import SignIn
from kiosk.signin.intents import AcceptPolicy, Cancel, ChangeAddress, Continue, Intent, Leave, SendAgain, Submit
from kiosk.signin.states import Ended, Entering, NotSetUp, Outcome, PolicyDue, State, Waiting, Welcome
from kiosk.telling import Events, Lines, Question, Voice
from kiosk.wiring import sign_in_for

LONGEST_LINE = 4096


def login(settings: Settings, *, as_json: bool = False) -> int:
    """Sign in with one line a state, or one JSON event; returns the exit code."""
    voice = Events() if as_json else Lines()
    front = Front(settings, os.environ, os.getpid())
    sign_in = sign_in_for(settings, attended=True, onlooker=front.on_call)
    try:
        code = exit_code(run(_Teller(sign_in, voice, front).run()))
    except BrokenPipeError:
        front.end(GIVEN_UP)  # whoever read the lines has gone
        raise
    except OSError as error:
        front.end(INTERNAL, error)
        raise
    except Exception as error:
        front.end(INTERNAL, error)
        raise Told from error
    front.end(code)
    return code


class _Teller:
    """Says each state once, and turns lines into intents."""

    def __init__(self, sign_in: SignIn, voice: Voice, front: Front) -> None:
        self._sign_in = sign_in
        self._voice = voice
        self._front = front
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._ready = asyncio.Event()
        """A line can be made use of. What was piped in ahead waits until it is asked for."""
        self._input_over = False

    async def run(self) -> Outcome:
        """Live through the flow."""
        read_lines(self._lines)
        self._sign_in.subscribe(self._tell)
        self._front.begin(self._sign_in, lambda _period, _feed: None)
        flow = asyncio.create_task(self._sign_in.run())
        listening = asyncio.create_task(self._listen())
        try:
            await asyncio.wait({flow, listening}, return_when=asyncio.FIRST_COMPLETED)
            if listening.done():
                listening.result()  # a bug in there is not to leave a sign-in that hears nobody
            return await flow
        finally:
            listening.cancel()

    def _tell(self, state: State) -> None:
        self._voice.tell(state)
        match state:
            case Entering(restoring=False):
                if self._input_over:
                    self._sign_in.send(Leave())
                else:
                    self._voice.ask(Question.IDENTIFIER)
                    self._ready.set()
            case Waiting():
                self._ready.set()
            case Welcome():
                self._sign_in.send(Continue())
            case Ended() | NotSetUp():
                self._sign_in.send(Leave())
            case PolicyDue(accepting=False):
                self._voice.ask(Question.POLICY)
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
            # The English words always work: scripts are written in one language.
            words: dict[str, Intent] = {"again": SendAgain(), "change": ChangeAddress(), "cancel": Cancel()}
            words |= {_("again"): SendAgain(), _("change"): ChangeAddress(), _("cancel"): Cancel()}
            return words.get(word)
        case PolicyDue():
            return AcceptPolicy() if word in {"yes", _("yes")} else Cancel()
    return None


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
            rest = rest[:LONGEST_LINE]  # the head: the end of an endless line is nobody's address
        if rest:
            put(rest.decode("utf-8", "replace"))
        put(None)

    threading.Thread(target=read, name="stdin", daemon=True).start()


def _read_some() -> bytes:
    try:
        return os.read(0, 4096)
    except OSError:
        return b""
