"""Every problem has its words."""

import pytest

from kiosk.signin.states import Notice, Problem
from kiosk.smartlogin import answers, errors, refusals
from kiosk.vault.problems import VaultProblem
from kiosk.vaultwords import vault_words
from kiosk.words import code_words, notice_words, problem_words

NAMES = vars(errors) | vars(refusals)
KINDS = [kind for kind in NAMES.values() if isinstance(kind, type) and issubclass(kind, errors.SmartLoginError)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_problem_says_something_without_a_code(kind: type[errors.SmartLoginError]) -> None:
    words = problem_words(Problem(kind, 1139))
    assert words.headline.endswith(".")
    assert not any(character.isdigit() for character in words.headline.replace("254", ""))


def test_known_and_unknown_people_read_the_same() -> None:
    said = {
        str(problem_words(Problem(answers.class_for(code) or refusals.Refusal, code)))
        for code in (938, 1023, 1022, 1409)
    }
    assert len(said) == 1


def test_a_mail_limit_says_when_it_ends_where_that_is_known() -> None:
    assert "in 13 minutes" in str(problem_words(Problem(refusals.LimitReached, 1122, wait=770.0)))
    assert "in 1 minute." in str(problem_words(Problem(refusals.LimitReached, 1122, wait=5.0)))
    assert "wait a while" in str(problem_words(Problem(refusals.LimitReached, 1122)))


def test_the_code_stands_apart() -> None:
    assert code_words(Problem(refusals.LinkSpent, 1137)) == "Code 1137"
    assert code_words(Problem(errors.TimedOut)) == ""


def test_notices_and_keyring_problems_have_words() -> None:
    assert len({notice_words(notice) for notice in Notice}) == len(Notice)
    assert len({vault_words(problem) for problem in VaultProblem}) == len(VaultProblem)
