"""The palettes. Text stands out from its ground by 4.5:1 at least, and focus is reverse video besides."""

from textual.theme import Theme

DARK = Theme(
    name="dark",
    dark=True,
    primary="#7cc0ff",
    foreground="#e8eef4",
    background="#0f151b",
    surface="#1b252f",
    error="#ff9b9b",
    warning="#ffd479",
    success="#86e0a5",
    variables={"muted": "#a3b1be", "input-cursor-background": "#e8eef4", "input-cursor-foreground": "#0f151b"},
)

LIGHT = Theme(
    name="light",
    dark=False,
    primary="#0b559f",
    foreground="#15202b",
    background="#ffffff",
    surface="#e9eef3",
    error="#a3201a",
    warning="#7a4b00",
    success="#14602f",
    variables={"muted": "#45535f", "input-cursor-background": "#15202b", "input-cursor-foreground": "#ffffff"},
)

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}
