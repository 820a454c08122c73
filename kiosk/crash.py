"""What may be said of a bug: its kind and where it is. Its message and the values around it may be secrets."""

import sys
from pathlib import Path

_OURS = Path(__file__).parent


class Told(Exception):
    """Carries a bug, its cause, out of where the log was told of it."""


def crash_text(error: BaseException | None) -> str:
    """A few lines for whoever mends it: the kind, and the frames of our own code, the innermost first."""
    lines = [f"kiosk: internal error: {error_name(error)}", *(f"  {frame}" for frame in frames_of(error))]
    return "\n".join(lines) + "\n"


def error_name(error: BaseException | None) -> str:
    """The name of an error's class; one that was made at run time could say anything."""
    return name_in_source(type(error)) or "an error without a name"


def name_in_source(kind: type) -> str | None:
    """A class's name, where the class stands in its module's source under that name."""
    module = sys.modules.get(kind.__module__)
    return kind.__name__ if getattr(module, kind.__name__, None) is kind else None


def frames_of(error: BaseException | None) -> list[str]:
    """Where it came by: our own frames, the innermost first; the last three of others where it never met ours."""
    frames = []
    trace = error.__traceback__ if error else None
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append((Path(code.co_filename), trace.tb_lineno, code.co_qualname))
        trace = trace.tb_next
    ours = [frame for frame in frames if frame[0].is_relative_to(_OURS)]
    return [f"{path.name}:{line} in {name}" for path, line, name in reversed(ours or frames[-3:])]
