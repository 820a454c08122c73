"""Textual's own ways out of an app, all shut at one place: actions, links, files, the clipboard."""

from typing import Any, TypeVar

from textual.app import App

ResultT = TypeVar("ResultT")

_ACTIONS = frozenset({"focus_next", "focus_previous"})
"""Of what a key, a link or a palette can ask of an app: what moves the focus, and nothing else."""


class ShutApp(App[ResultT], inherit_bindings=False):
    """An app that does nothing for Textual's sake. Nobody at a TV box needs any of it, whether it is locked or not."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:  # noqa: ARG002 - Textual's signature
        """No quitting, suspending, screenshots, palette, or other modes."""
        return action in _ACTIONS

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """No link opens anything."""

    def copy_to_clipboard(self, text: str) -> None:
        """Nothing is written to anybody's clipboard."""

    def deliver_text(self, *_args: Any, **_options: Any) -> None:
        """No file is handed out, and no screenshot, which would come this way."""

    def deliver_binary(self, *_args: Any, **_options: Any) -> None:
        """The same of bytes."""

    def save_screenshot(self, *_args: Any, **_options: Any) -> str:
        """No picture is written."""
        raise PermissionError
