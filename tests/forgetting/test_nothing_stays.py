"""After whoever was here is gone, the real app is asked for every text that it still holds."""

from pathlib import Path

from tests.forgetting.visit import ADDRESS, BARRED, LIMIT, LOCAL, NAME, PASSED_ON, UNDECIDED, USERNAME, Visit, visit

ENTRY, WAITING, RESTING = "Type your email or username", "Waiting for you", "Press any key\n"


def test_a_shared_screen_forgets_who_signed_in(tmp_path: Path) -> None:
    with visit(tmp_path, KIOSK_PROFILE="shared") as there:
        there.see(ENTRY)
        there.press(USERNAME, "enter")
        there.see(WAITING)
        there.press("escape")
        there.see(ENTRY)
        there.press(*["backspace"] * len(USERNAME), PASSED_ON)
        there.see(PASSED_ON)
        there.press(*["backspace"] * len(PASSED_ON), ADDRESS, "enter")
        there.see("this number")
        _show_address(there)
        assert {"address", "masked", "GUID", "Waiting"} <= there.kinds_left_behind(), "the search is blind"
        there.open_link()
        there.see(f"Welcome, {NAME}")
        assert {"name", "token", "Session"} <= there.kinds_left_behind(), "the search is blind"
        there.later(400)
        there.see("signed out")  # by itself
        assert there.left_behind() == []
        there.in_the_end(RESTING)
        assert there.left_behind() == []


def test_a_shared_screen_forgets_who_left_on_the_way(tmp_path: Path) -> None:
    with visit(tmp_path, KIOSK_PROFILE="shared") as there:
        there.see(ENTRY)
        there.press(ADDRESS)
        there.see(ADDRESS)
        there.in_the_end(RESTING)
        assert there.left_behind() == [], "half a sign-in"
        there.press("enter")
        there.see(ENTRY)
        there.press(USERNAME, "enter")
        there.see(WAITING)
        _press_choice(there, "Cancel")
        there.see(ENTRY)
        assert there.comes_to_nothing() == [], "cancelled"
        there.press(f"\x1b[200~{ADDRESS}\x1b[201~")
        there.see(ADDRESS)
        there.press("enter")
        there.see(WAITING)
        there.later(3600)
        there.see("expired")
        there.in_the_end(RESTING)
        assert there.left_behind() == [], "expired"


def test_a_shared_screen_forgets_although_the_network_is_away(tmp_path: Path) -> None:
    with visit(tmp_path, KIOSK_PROFILE="shared") as there:
        _sign_in(there)
        there.relay.cut()
        _press_choice(there, "Sign out")
        there.see("signed out")
        assert there.kinds_left_behind() <= {"token", "Token"}, "what has to be told to the service yet"
        there.relay.mend()
        assert there.comes_to_nothing() == [], "the service knows: so may the last token go"


def test_a_home_forgets_session_and_guids_after_a_sign_out(tmp_path: Path) -> None:
    with visit(tmp_path, KIOSK_PROFILE="home") as there:
        _sign_in(there)
        _press_choice(there, "Sign out")
        there.see("signed out")
        assert there.left_behind() == []


def _sign_in(there: Visit) -> None:
    there.see(ENTRY)
    there.press(ADDRESS, "enter")
    there.see("this number")
    there.open_link()
    there.see(f"Welcome, {NAME}")
    there.later(1.0)  # the welcome takes no press in its first moment


def _show_address(there: Visit) -> None:
    _press_choice(there, "Show address")
    there.see(f"link to {LOCAL}")


def _press_choice(there: Visit, label: str) -> None:
    """Go where that choice is, as somebody does who looks at the screen, and press it."""
    there.reach(f"▶ {label} ◀")
    there.press("enter")


def test_a_shared_screen_forgets_however_the_attempt_went(tmp_path: Path) -> None:
    with visit(tmp_path, KIOSK_PROFILE="shared") as there:
        there.see(ENTRY)
        there.press("vexquill@", "enter")  # refused here, and left as it is
        there.see("look like")
        there.in_the_end(RESTING)
        assert there.left_behind() == [], "refused"
        there.press("enter")
        there.see(ENTRY)
        there.press(BARRED, "enter")
        there.see("blocked")
        there.in_the_end(RESTING)
        assert there.left_behind() == [], "blocked"
        there.press("enter")
        there.see(ENTRY)
        there.press(UNDECIDED, "enter")
        there.see("this number")
        there.open_link()
        there.see("privacy policy")
        _press_choice(there, "Cancel")
        there.see(ENTRY)
        assert there.comes_to_nothing() == [], "policy not accepted"
        there.press(ADDRESS, "enter")
        there.see(WAITING)
        there.later(31)
        _press_choice(there, "Send again")
        there.see("Another link is on its way")
        there.relay.cut()
        there.later(10)
        there.see("No connection")
        _press_choice(there, "Cancel")
        there.see(ENTRY)
        there.relay.mend()
        assert there.comes_to_nothing() == [], "two mails, no network, cancelled"


def test_a_shared_screen_forgets_whose_program_ran(tmp_path: Path) -> None:
    program = "sh -c 'cat /dev/fd/$KIOSK_TOKEN_FD >/dev/null; echo PROGRAM RAN; sleep 1'"
    with visit(tmp_path, KIOSK_PROFILE="shared", KIOSK_COMMAND=program) as there:
        _sign_in(there)
        there.screen.raw = b""
        there.press("enter")
        there.see("PROGRAM RAN")
        there.screen.until(b"\x1b[?1049h", LIMIT)  # the screen is ours again
        there.in_the_end("signed out")
        assert there.comes_to_nothing() == []


def test_a_shared_screen_forgets_what_was_typed_on_the_remembered_frame(tmp_path: Path) -> None:
    with visit(tmp_path, KIOSK_PROFILE="shared") as there:
        there.see(ENTRY)
        there.until_remembered()
        there.switch_on_again()
        there.see(ENTRY)
        there.press(ADDRESS[:8], "\x03", ADDRESS[8:])  # the first of it is answered there, the rest is kept for Textual
        there.see(f"{ADDRESS[:8]} ")
        there.let_textual_come()
        there.see(ADDRESS)
        assert "address" in there.kinds_left_behind(), "the search is blind"
        there.in_the_end(RESTING)
        assert there.left_behind() == []


def test_a_home_forgets_what_was_typed_on_the_remembered_frame_while_a_session_was_looked_for(tmp_path: Path) -> None:
    with visit(tmp_path, KIOSK_PROFILE="home") as there:
        there.see(ENTRY)
        there.until_remembered()
        there.press(USERNAME, "enter")
        there.see("this number")
        there.open_link()
        there.see(f"Welcome, {NAME}")
        there.switch_on_again()
        there.see(ENTRY)
        there.press(PASSED_ON, "left")
        there.see(PASSED_ON)
        there.let_textual_come()
        there.see(f"Welcome, {NAME}")
        assert {"name", "token"} <= there.kinds_left_behind(), "the search is blind"
        there.later(1.0)
        _press_choice(there, "Sign out")
        there.see("signed out")
        assert there.comes_to_nothing() == []
