"""Typing stays as short as it is: the figures of tests/benchmarks/presses.py, and that its ways lead where they say."""

import pytest

from kiosk.entry.board import Board
from kiosk.entry.domains import Domains
from kiosk.entry.layouts import LAYOUTS
from tests.benchmarks.optimal import Remote, Search
from tests.benchmarks.presses import HANDS, REFERENCE, Hands, count

UNSEEN = (
    *("peter.parker@gmail.com", "sophie_martin@orange.fr", "h.tanaka@docomo.ne.jp", "info@smith-and-sons.co.uk"),
    *("olga.ivanova@mail.ru", "carlos99@hotmail.com", "b+news@fastmail.com", "thomas.weber@t-online.de"),
    *("lucas.silva@uol.com.br", "nina.k@yahoo.com", "dr.who42@bbc.co.uk", "emma.johnson@icloud.com"),
)
"""Addresses that no layout was made for."""


def kspc(addresses: tuple[str, ...], layout: str, remote: Remote) -> float:
    search = Search(Board.fresh(LAYOUTS[layout], Domains()), remote)
    return sum(search.fewest(address).presses for address in addresses) / sum(map(len, addresses))


@pytest.mark.parametrize(
    ("layout", "remote", "most", "most_unseen"),
    [
        ("abc", Remote(), 2.6, 2.85),
        ("abc", Remote(colours=True), 2.45, 2.6),
        ("qwerty", Remote(), 3.0, 3.1),
        ("phone", Remote(colours=True, digits=True), 1.4, 1.7),
    ],
)
def test_presses_for_each_character(layout: str, remote: Remote, most: float, most_unseen: float) -> None:
    assert kspc(REFERENCE, layout, remote) <= most
    assert kspc(UNSEEN, layout, remote) <= most_unseen


@pytest.mark.parametrize("hands", [hands for hands in HANDS if not hands.remote.layouts], ids=lambda hands: hands.name)
async def test_the_app_submits_what_the_way_was_for(hands: Hands) -> None:
    counted = await count(hands, ("s.o@gmx.net", "a!B@x1.org"), "abc")
    assert counted.ways["s.o@gmx.net"].presses == {"arrows + OK": 22, "arrows + OK + colour keys": 17}.get(
        hands.name, 14
    )
