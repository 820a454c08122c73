"""The soak in short: what a few dozen sign-ins leave behind. Its figures for memory come from the long form."""

from itertools import pairwise

from tests.benchmarks.soak import soak

SIGN_INS = 40


def test_sign_ins_leave_nothing_behind() -> None:
    ran = soak(SIGN_INS)
    warm = [each for each in ran.samples if each.sign_ins >= SIGN_INS // 4]
    for one, other in pairwise(warm):
        assert other.held.screens == one.held.screens
        assert other.held.widgets == one.held.widgets
        assert other.held.threads == one.held.threads
    # A connection may be open or not, and a key may be on its way: what counts is that nothing adds up.
    assert warm[-1].held.files <= max(each.held.files for each in warm[: len(warm) // 2]) + 1
    assert warm[-1].held.tasks <= max(each.held.tasks for each in warm[: len(warm) // 2]) + 1
    ours = {kind: more for kind, more in ran.growth.items() if kind.startswith("kiosk.") and more > 3}
    assert not ours, f"what there is more and more of: {ours}"
