"""The points at which the plug is pulled, and what must be on the screen after the power is back.

A point begins at an empty entry and ends with the box dead. Then it is started again, and `after` says what it shows:
the entry, the waiting (a click then signs in), or the welcome by itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from tests.mail import click
from tests.powercut.box import ENTRY, WAITING, WELCOME, Box

AGAIN = "[ Send again ]"


@dataclass(frozen=True)
class Point:
    """Where the power goes."""

    name: str
    reach: Callable[[Box], None]
    after: str
    """What the next start comes to."""
    mails: int = 1
    """How many mails went out, before and after."""


def at_once(box: Box) -> None:
    box.see(ENTRY)
    box.off()


def half_typed(box: Box) -> None:
    box.see(ENTRY)
    box.screen.press("jane.d")
    box.see("jane.d")
    box.off()


def while_asking(order: str, box: Box) -> None:
    """In the keyring, while the link is asked for."""
    box.order(order)
    box.type()
    box.died()


def in_request(phase: str, box: Box) -> None:
    box.proxy.arm("smartlogin", phase, box.pull)
    box.type()
    box.died()


def while_waiting(box: Box) -> None:
    box.wait()
    box.off()


def in_ping(phase: str, box: Box) -> None:
    """Nobody has clicked yet."""
    box.wait()
    box.proxy.arm("ping", phase, box.pull)
    box.died()


def in_second_request(phase: str, clicked: int, box: Box) -> None:
    """Another mail is asked for; either of the two is good."""
    box.wait()
    box.see(AGAIN)
    box.proxy.arm("smartlogin", phase, box.pull)
    box.screen.press("right", "enter")
    box.died()
    click(box.links(2)[clicked])


def clicked_in_the_dark(box: Box) -> None:
    box.wait()
    box.off()
    click(box.links()[0])


def clicked_before_a_ping(box: Box) -> None:
    box.wait()
    box.proxy.open.clear()
    click(box.links()[0])
    box.off()
    box.proxy.open.set()


def in_answer(phase: str, box: Box) -> None:
    """The link is clicked; the ping that brings the session is cut."""
    box.wait()
    box.proxy.open.clear()
    box.proxy.arm("ping", phase, box.pull)
    click(box.links()[0])
    box.proxy.open.set()
    box.died()


def while_keeping(order: str, box: Box) -> None:
    """In the keyring, after the session has come."""
    box.wait()
    box.order(order)
    click(box.links()[0])
    box.died()


def signed_in(box: Box) -> None:
    box.wait()
    click(box.links()[0])
    box.see(WELCOME)


def at_the_welcome(box: Box) -> None:
    signed_in(box)
    box.off()


def in_care(call: str, phase: str, box: Box) -> None:
    """The session is renewed, or asked after on the next start."""
    signed_in(box)
    box.proxy.arm(call, phase, box.pull)
    if call == "validate":
        box.off()
        box.on()
    box.died()


def while_renewing(order: str, box: Box) -> None:
    signed_in(box)
    box.order(order)
    box.died()


def in_sign_out(order: str, box: Box) -> None:
    signed_in(box)
    box.order(order)
    press_sign_out(box)
    box.died()


def in_goodbye(phase: str, box: Box) -> None:
    signed_in(box)
    box.proxy.arm("invalidate", phase, box.pull)
    press_sign_out(box)
    box.died()


def press_sign_out(box: Box) -> None:
    box.screen.rest(1.0)  # keys that come with the welcome are not meant for it
    box.screen.press("right", "enter")


def in_cancel(order: str, box: Box) -> None:
    box.wait()
    box.order(order)
    box.screen.press("escape")
    box.died()


def points() -> Iterator[Point]:
    """All of them, in the order of a sign-in."""
    yield Point("at once", at_once, ENTRY, 0)
    yield Point("half typed", half_typed, ENTRY, 0)
    yield Point("before the attempt is written", partial(while_asking, "set pending before"), ENTRY, 0)
    yield Point("attempt written, nothing asked", partial(while_asking, "set pending after"), WAITING, 0)
    yield Point("request on its way", partial(in_request, "before"), WAITING, 0)
    for phase, name in (("after", "mailed, no answer"), ("half", "mailed, half an answer"), ("sent", "mailed")):
        yield Point(name, partial(in_request, phase), WAITING)
    yield Point("waiting", while_waiting, WAITING)
    for phase, name in (("before", "on its way"), ("after", "answered"), ("half", "half answered"), ("sent", "read")):
        yield Point(f"ping {name}", partial(in_ping, phase), WAITING)
    for clicked, which in enumerate(("first", "second")):
        for phase, name in (("after", "no answer"), ("half", "half an answer"), ("sent", "answered")):
            yield Point(
                f"sent again, {name}, the {which} clicked", partial(in_second_request, phase, clicked), WELCOME, 2
            )
    yield Point("clicked in the dark", clicked_in_the_dark, WELCOME)
    yield Point("clicked before a ping", clicked_before_a_ping, WELCOME)
    # No point before that ping: it is held at the service already, and the click itself answers it.
    for phase, name in (("ok-after", "lost"), ("ok-half", "half"), ("ok-sent", "read")):
        yield Point(f"session {name}", partial(in_answer, phase), WELCOME)
    for order in ("set session before", "set session after", "delete pending before", "delete pending after"):
        yield Point(f"keeping: {order}", partial(while_keeping, order), WELCOME)
    yield Point("welcome", at_the_welcome, WELCOME)
    for phase in ("before", "after"):
        yield Point(f"validating, {phase}", partial(in_care, "validate", phase), WELCOME)
        yield Point(f"renewing, {phase}", partial(in_care, "sliding_token", phase), WELCOME)
        yield Point(f"renewed: set session {phase}", partial(while_renewing, f"set session {phase}"), WELCOME)
    yield Point("signing out: delete session before", partial(in_sign_out, "delete session before"), WELCOME)
    yield Point("signing out: delete session after", partial(in_sign_out, "delete session after"), ENTRY)
    for phase in ("before", "after"):
        yield Point(f"service told, {phase}", partial(in_goodbye, phase), ENTRY)
    yield Point("cancelled: delete pending before", partial(in_cancel, "delete pending before"), WAITING)
    yield Point("cancelled: delete pending after", partial(in_cancel, "delete pending after"), ENTRY)
