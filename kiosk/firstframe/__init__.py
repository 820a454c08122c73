"""The first frame, shown before Textual is imported: three quarters of a start are its import, and nobody sees it.

    memory      the frame as it was last time, with all that it depends on: if anything differs, there is none
    opening     the terminal taken, the frame on it, and both given back if Textual never comes
    recording   the frame taken from the running app, for the next start

Nothing is imported here. `memory` and `opening` stand on the standard library alone, and on its cheapest parts: they
run before everything else, and each millisecond of theirs is one of darkness.
"""
