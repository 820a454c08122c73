"""Every state finds room on the screen in every language, and in one that is longer by 40 %."""

from pathlib import Path

import pytest
from rich.cells import cell_len

from kiosk.app import KioskApp
from kiosk.entry.board import Board
from kiosk.entry.domains import Domains
from kiosk.entry.layouts import LAYOUTS, Layout
from kiosk.language import gettext as _
from kiosk.screens.maintenance import MaintenanceScreen
from kiosk.signin.intents import ProgramEnded
from kiosk.signin.states import Entering, Notice, State, Welcome
from kiosk.values import replace
from kiosk.vault.problems import VaultProblem
from kiosk.vaultwords import vault_words
from kiosk.widgets.boardpicture import Picture
from tests.cells import settled
from tests.clock import START
from tests.lockdown.test_maintenance import ARROWS, locked_app
from tests.screens.fitting import key_misfits, misfits, off_screen
from tests.screens.stage import app_in, still_of
from tests.screens.test_looks import STATES
from tests.tongues import PSEUDO, TONGUES, speaking

NOTHING: list[str] = []
WITH_CONTROLS_IN_REACH = [name for name in STATES if name.startswith(("waiting", "entering", "problem", "sending"))]


NEWS: dict[str, State] = {
    **{f"entry-{problem}": Entering(notice=Notice.SESSION_ENDED, vault_problem=problem) for problem in VaultProblem},
    **{f"welcome-{problem}": Welcome("Jane", vault_problem=problem, checked=False) for problem in VaultProblem},
    "welcome-program": Welcome("Jane", start_at=START + 60, program=ProgramEnded(None)),
    "welcome-program-code": Welcome("Jane", start_at=START + 60, held_until=START + 60, program=ProgramEnded(255)),
    "welcome-program-signal": Welcome("Jane", sign_out_at=START + 60, program=ProgramEnded(-11)),
}
"""All that the keyring and the operator's program can have to say."""


async def through_all(app: KioskApp, size: tuple[int, int], names: list[str], *, controls: bool = False) -> list[str]:
    """What does not fit, in any of the states."""
    found = []
    states = STATES | NEWS
    async with app.run_test(size=size) as pilot:
        for name in names:
            still_of(app).become(STATES["resting"])  # so that each begins as if it were the first
            await pilot.pause()
            still_of(app).become(states[name])
            for _turn in range(4):  # what the state makes of the words, and they of the layout
                await pilot.pause()
            found += [f"{name}: {wrong}" for wrong in (off_screen(app) if controls else misfits(app))]
    return found


@pytest.mark.parametrize("tongue", TONGUES)
async def test_every_state_fits(tongue: str) -> None:
    """In the demo, which says more than any other."""
    with speaking(tongue):
        mailbox = "http://192.168.178.23:58787/mailbox"
        app = app_in(STATES["entering"], site="Example TV", mailbox=mailbox, device=_("the demo screen"))
        assert await through_all(app, (80, 24), list(STATES)) == NOTHING


@pytest.mark.parametrize("tongue", TONGUES)
async def test_whatever_the_keyring_and_the_program_say_fits(tongue: str) -> None:
    with speaking(tongue):
        longest = sorted(VaultProblem, key=lambda problem: cell_len(str(vault_words(problem))))[-4:]
        names = [f"{where}-{problem}" for where in ("entry", "welcome") for problem in longest]
        names += [name for name in NEWS if name.startswith("welcome-program")]
        assert await through_all(app_in(STATES["entering"], site="Example TV"), (80, 24), names) == NOTHING


@pytest.mark.parametrize("tongue", TONGUES)
async def test_all_fits_where_there_is_no_way_out(tongue: str) -> None:
    with speaking(tongue):
        app = app_in(STATES["entering"], site="Example TV", locked=True)
        others = ["entering", "session-ended", "welcome", "welcome-shared", "not-set-up", "site-refused", "resting"]
        assert await through_all(app, (80, 24), others) == NOTHING


@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_the_maintenance_screen_fits(tongue: str, size: tuple[int, int], tmp_path: Path) -> None:
    """With each of its lines: asking, wrong, too often."""
    with speaking(tongue):
        app = locked_app(Entering(), tmp_path)
        async with app.run_test(size=size) as pilot:
            await pilot.press(*ARROWS)
            await settled(pilot)
            assert isinstance(app.screen, MaintenanceScreen)
            for said in (
                _("PIN of the people who run this screen:"),
                _("Checking..."),
                _("This PIN is wrong."),
                _("Too many wrong PINs. Try again in {seconds} s.").format(seconds=900),
            ):
                app.screen.say("#message", said)
                await settled(pilot)
                assert misfits(app) == NOTHING


@pytest.mark.parametrize("tongue", TONGUES)
async def test_all_fits_beside_a_qr_code(tongue: str) -> None:
    with speaking(tongue):
        app = app_in(STATES["entering"], help_url="https://help.example")
        waiting = [name for name in STATES if name.startswith("waiting")]
        assert await through_all(app, (80, 24), waiting) == NOTHING


@pytest.mark.parametrize("tongue", [tongue for tongue in TONGUES if tongue != PSEUDO])
async def test_controls_stay_on_a_small_screen(tongue: str) -> None:
    with speaking(tongue):
        app = app_in(STATES["entering"])
        assert await through_all(app, (40, 12), WITH_CONTROLS_IN_REACH, controls=True) == NOTHING


@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("more", [False, True])
def test_every_key_of_every_layout_fits(tongue: str, layout: Layout, more: bool) -> None:
    board = replace(Board.fresh(layout, Domains()), more=more)
    with speaking(tongue):
        assert list(key_misfits(board, Picture(72, 13))) == NOTHING
        if tongue != PSEUDO:
            assert list(key_misfits(board, Picture(38, 8))) == NOTHING
