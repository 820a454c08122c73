"""Exit codes are what other programs go by."""

from kiosk import exits


def test_each_means_one_thing() -> None:
    codes = [value for name, value in vars(exits).items() if name.isupper() and type(value) is int]
    assert len(codes) == len(set(codes)) >= 9
