"""A question to the keyring by a command that asks it and ends: neither a thread nor an event loop is worth its start.

The keyring may hang for ever; here an alarm of the process cuts it short.
"""

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

from kiosk.vault.limits import LIMIT
from kiosk.vault.problems import VaultError, VaultProblem, problem_of

if TYPE_CHECKING:
    from kiosk.vault.keyring import Keyring

T = TypeVar("T")


class _TooLong(BaseException):
    """The alarm rang. No backend may take it for an error of its own."""


def ask_once(
    open_backend: "Callable[[], Keyring | None]",
    question: "Callable[[Keyring], T]",
    *,
    load: Callable[[], None] = lambda: None,
    limit: float = LIMIT,
) -> T:
    """Ask, in the main thread of this process.

    Args:
        open_backend: Opens the keyring; None when there is none.
        question: What to ask it. It changes nothing: it may be cut short anywhere.
        load: Imports what opening needs; not counted against the limit.
        limit: Seconds.

    Raises:
        VaultError: the keyring did not answer, or not well.
    """
    with contextlib.suppress(Exception):  # what is wrong with it is said when it is opened
        load()
    problem: VaultProblem
    try:
        with _alarm_after(limit):
            backend = open_backend()
            if backend is None:
                raise VaultError(VaultProblem.MISSING)
            return question(backend)
    except VaultError as error:
        problem = error.problem
    except _TooLong:
        problem = VaultProblem.HANGING
    except Exception as error:  # noqa: BLE001 - a keyring backend is foreign code and raises what it likes
        problem = problem_of(error)
    # Raised out here: in the handler it would carry what the backend raised, and that may hold the secret itself.
    raise VaultError(problem)


@contextlib.contextmanager
def _alarm_after(limit: float) -> Iterator[None]:
    def ring(_number: int, _frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
