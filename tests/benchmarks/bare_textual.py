"""The floor to compare with: a Textual app of one label and one input, as anybody would write it first."""

from textual.app import App, ComposeResult
from textual.widgets import Input, Label


class Bare(App[None]):
    """Label and input."""

    def compose(self) -> ComposeResult:
        """Both."""
        yield Label("Sign in")
        yield Input(placeholder="Email or username")


if __name__ == "__main__":
    Bare().run()
