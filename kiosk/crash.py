"""What may be said of a bug: its kind and where it is. Its message and the values around it may be secrets."""

from pathlib import Path

_OURS = Path(__file__).parent


def crash_text(error: BaseException | None) -> str:
    """A few lines for whoever mends it: the kind, and the frames of our own code, the innermost first."""
    lines = [f"kiosk: internal error: {type(error).__name__}"]
    frames = []
    trace = error.__traceback__ if error else None
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append((Path(code.co_filename), trace.tb_lineno, code.co_qualname))
        trace = trace.tb_next
    ours = [frame for frame in frames if frame[0].is_relative_to(_OURS)]
    lines += [f"  {path.name}:{line} in {name}" for path, line, name in reversed(ours or frames[-3:])]
    return "\n".join(lines) + "\n"
