"""Pulls the plug at some of the points, and sees what is left."""

from pathlib import Path

from tests.mail import click
from tests.powercut.box import ENTRY, WAITING, WELCOME, Box, service
from tests.powercut.points import Point, points, press_sign_out
from tests.powercut.proxy import Proxy

PARTS = 4


def check_part(part: int, folder: Path) -> None:
    """Every so manieth point, one after the other; each start after a cut is the next one's beginning."""
    with service(folder) as url, Proxy(url) as proxy, Box(folder, url, proxy) as box:
        box.on()
        for point in list(points())[part::PARTS]:
            try:
                _check(point, box)
            except AssertionError as error:
                raise AssertionError(f"{point.name}: {error}") from error


def _check(point: Point, box: Box) -> None:
    box.see(ENTRY)
    box.clear()
    point.reach(box)
    box.off()
    assert box.mails == point.mails, f"{box.mails} mails were sent"
    box.on()
    box.see(point.after)
    if point.after == WAITING and point.mails:
        click(box.links()[0])
    if point.after == WAITING and not point.mails:
        box.screen.press("escape")  # no mail will come: the way on is the entry, with the address in it
        box.see("jane.doe@example.com")
        box.off()
        box.on()
    elif point.after != ENTRY:
        box.see(WELCOME)
        assert box.mails == point.mails, "nobody had to be mailed again"
        press_sign_out(box)
        box.see("signed out")
        box.off()
        box.on()
