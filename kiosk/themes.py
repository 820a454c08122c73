"""The schemes as Textual's themes.

Besides Textual's own, styles may use `$muted`, `$border` and the remote's colour keys: `$key-red`, `$key-green`,
`$key-yellow`, `$key-blue`.
"""

from textual.theme import Theme

from kiosk.schemes import Scheme


def theme_of(scheme: Scheme) -> Theme:
    """The theme that shows a scheme."""
    red, green, yellow, blue = scheme.keys
    return Theme(
        name=scheme.name,
        dark=scheme.dark,
        ansi=scheme.ansi,
        primary=scheme.primary,
        accent=scheme.accent,
        foreground=scheme.text,
        background=scheme.ground,
        surface=scheme.surface,
        error=scheme.error,
        warning=scheme.warning,
        success=scheme.success,
        variables={
            "surface": scheme.surface,  # which Textual makes transparent where the terminal's own colours are used
            "muted": scheme.muted,
            "border": scheme.border,
            "text": scheme.text,
            "text-muted": scheme.muted,
            "text-disabled": scheme.muted,
            "key-red": red,
            "key-green": green,
            "key-yellow": yellow,
            "key-blue": blue,
            "ansi-background": scheme.ground,  # Textual's styles ask for these wherever a theme is `ansi`
            "ansi-foreground": scheme.text,
            "input-cursor-background": scheme.text,
            "input-cursor-foreground": scheme.ground,
            "input-cursor-text-style": "none",
        },
    )
