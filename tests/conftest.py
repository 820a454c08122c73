"""What every test stands on: a terminal that looks the same everywhere, and a keyring that is nobody's."""

import os

# Before Textual is imported: it reads these once, at import.
for _name in list(os.environ):
    ours = _name.startswith(("TEXTUAL", "KIOSK_")) and not _name.startswith("TEXTUAL_SNAPSHOT")  # the plugin's own
    if _name in {"NO_COLOR", "COLORTERM"} or ours:
        del os.environ[_name]
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["TERM"] = "xterm-256color"
os.environ["LANGUAGE"] = "en"
