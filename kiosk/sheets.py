"""The style sheets, each parsed once: Textual by itself parses all of them anew for every theme and for every screen.

What it parsed before stays beside the new in its cache, some 500 bytes a selector, and each time takes a weak box as
long as its first frame does.
"""

from textual.css.stylesheet import Stylesheet


class Sheets(Stylesheet):
    """A style sheet that parses what is new in it, and everything where the theme is another."""

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take the theme's variables; the same ones again are no reason to forget what was parsed with them."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what was not parsed with these variables.

        Raises:
            StylesheetError, StylesheetParseError: A sheet cannot be parsed; what was known before still holds.
        """
        self.parse()
