"""Values of ours behave as frozen dataclasses do."""

import copy
import pickle
from typing import Any

import pytest

from kiosk.values import Value, fields, hidden, replace


class Point(Value):
    """A value with all kinds of fields."""

    x: int
    y: int = 2
    name: str = hidden(default="")


class Named(Point):
    """One that adds to another."""

    colour: str = "red"


class Secret(Value):
    """A field without a default that nobody shows."""

    word: str = hidden()


def test_it_is_made_by_place_by_name_and_by_default() -> None:
    assert Point(1) == Point(x=1, y=2, name="") == Point(1, 2)
    assert (Point(1, name="n").x, Point(1, name="n").y, Point(1, name="n").name) == (1, 2, "n")
    assert Named(1, 3, "n", "blue") == Named(1, y=3, name="n", colour="blue")
    assert fields(Named) == ("x", "y", "name", "colour")


def test_only_the_same_kind_with_the_same_fields_is_equal() -> None:
    assert Point(1) != Point(2)
    assert Point(1) != Named(1)
    assert Point(1) != (1, 2, "")
    assert {Point(1), Point(1), Point(2)} == {Point(1), Point(2)}


def test_what_is_hidden_is_never_shown() -> None:
    assert repr(Point(1, name="Jane")) == "Point(x=1, y=2)"
    assert repr(Named(1, name="Jane")) == "Named(x=1, y=2, colour='red')"
    assert repr(Secret("word")) == "Secret()"


def test_it_is_never_another_than_it_is() -> None:
    point = Point(1)
    with pytest.raises(AttributeError, match=r"Point\.x"):
        point.x = 3  # type: ignore[misc] # mypy says the same
    with pytest.raises(AttributeError, match=r"Point\.x"):
        del point.x
    with pytest.raises(AttributeError):
        point.z = 3
    assert not hasattr(point, "__dict__")


def test_it_can_be_copied_and_sent_to_another_process() -> None:
    for value in (Named(1, name="n"), Secret("word")):
        assert copy.copy(value) == copy.deepcopy(value) == pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - made here


def test_another_is_made_of_it() -> None:
    assert replace(Named(1, name="n"), y=5) == Named(1, 5, "n")
    with pytest.raises(TypeError, match="z"):
        replace(Point(1), z=1)


@pytest.mark.parametrize(
    ("values", "named", "wrong"),
    [
        ((), {}, "needs x"),
        ((1, 2, "", 4), {}, "no more than 3"),
        ((1,), {"z": 1}, "no place for z"),
        ((1,), {"x": 1}, "x"),
    ],
)
def test_what_it_cannot_hold_is_an_error(values: tuple[Any, ...], named: dict[str, Any], wrong: str) -> None:
    with pytest.raises(TypeError, match=wrong):
        Point(*values, **named)


def test_patterns_take_it_apart() -> None:
    match Point(1, 5):
        case Point(x, y):
            assert (x, y) == (1, 5)
        case _:
            pytest.fail("no match")
