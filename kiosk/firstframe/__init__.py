"""The first frame, shown before Textual is imported: three quarters of a start are its import, and nobody sees it.

    memory      the frame as it was last time, with all that it depends on: if anything differs, there is none
    opening     the terminal taken, the frame on it, and both given back if Textual never comes
    live        keys answered on it meanwhile; `answers` knows what they mean, `painting` what they change, and `plan`
                where that stands and how it looks
    recording   the frame taken from the running app, for the next start; `planning` takes the plan

Nothing is imported here. `memory` and `opening` stand on the standard library alone, and on its cheapest parts: they
run before everything else, and each millisecond of theirs is one of darkness. `live` follows them, and imports only
what the app needs in any case, and nothing of Textual.
"""
