"""What all the screens share: the frame, the way the arrows move, and how intents leave."""

from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from kiosk.clock import Clock
from kiosk.entry.board import Board
from kiosk.entry.domains import Domains
from kiosk.entry.habits import Habits
from kiosk.forgetting import forget_lines
from kiosk.lockdown.maintenance import Maintenance
from kiosk.signin.intents import Intent
from kiosk.signin.states import State
from kiosk.text import clean
from kiosk.values import Value
from kiosk.widgets.choice import Choice
from kiosk.widgets.movement import Direction, neighbour

StateT = TypeVar("StateT", bound=State)
PartT = TypeVar("PartT", bound=Widget)


class Desk(Value):
    """What a screen is given."""

    send: Callable[[Intent], None]
    """Where intents go."""
    clock: Clock
    site_name: str = ""
    device_name: str = ""
    mailbox_url: str = ""
    """In the demo: where the mail can be read."""
    help_url: str = ""
    """The operator's page of help or web mail, for the phone in the other hand."""
    half_blocks: bool = True
    """This terminal's font has them."""
    logo: str = ""
    """The operator's word mark."""
    layout: str = "abc"
    """Which keyboard the entry begins with."""
    domains: Domains = Domains()
    """What addresses are completed with."""
    habits: Habits = Habits()
    """How people typed here before."""
    locked: bool = False
    """Nothing that would end the app is offered, or spoken of."""
    maintenance: Maintenance | None = None
    """The operator's way out of a locked screen, where there is one."""
    goes_on: bool = True
    """Continue leads somewhere; on a locked screen, to the operator's program or nowhere."""
    patience: float = 0.5
    """Seconds that the search for a kept session may take before it is worth a word: less would only flicker."""
    remember: Callable[[Habits], None] | None = None
    """Where habits are kept; None on a shared screen, which has none."""


class FlowScreen(Screen[None], Generic[StateT]):
    """A screen of the flow. It lives as long as the app and draws whatever state it is handed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go('up')", show=False),
        Binding("down", "go('down')", show=False),
        Binding("left", "go('left')", show=False),
        Binding("right", "go('right')", show=False),
        Binding("escape", "back", show=False, id="back"),
    ]

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-normal"), (120, "-wide")]  # noqa: RUF012 - as Textual has it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall"), (36, "-high")]  # noqa: RUF012

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.covered = False
        """The operator's PIN is asked for meanwhile; what was here comes back."""
        self._parts: dict[str, Widget] = {}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:  # noqa: ARG002 - Textual's signature
        """What keys, and links in texts from outside, can ask of a screen; nothing of Textual's own."""
        return action in {"go", "back"}

    def answer(self, key: str) -> bool:  # noqa: ARG002 - for those who do
        """Do at once what a key does, where it comes to the same as in its turn; whether that is done."""
        return False

    def draw(self, state: StateT) -> None:
        """Show this state."""
        raise NotImplementedError

    def on_screen_suspend(self) -> None:
        """Another screen is shown: nothing of whom this one spoke of stays behind, not even unseen."""
        if not self.covered:
            self.wipe()
        forget_lines(self)

    @property
    def vacant(self) -> bool:
        """Nobody has begun anything here, and a moment without a key is a quiet one."""
        return True

    def go_on_from(self, board: Board) -> None:
        """Take up what was typed before this screen was there, where there is a place for it."""

    def wipe(self) -> None:
        """Forget what was shown of anybody."""

    def action_back(self) -> None:
        """What Back means here."""
        raise NotImplementedError

    def on_descendant_focus(self) -> None:
        """Braille displays follow the terminal's cursor: it goes where the focus is, with the frame that shows it."""
        self._correct_cursor()
        self.call_after_refresh(self._correct_cursor)

    def on_resize(self) -> None:
        """The focus has another place."""
        self.call_after_refresh(self._correct_cursor)

    def _correct_cursor(self) -> None:
        """Once the focus has its place. The cursor is sent with a frame, and after this one there may be none."""
        before = self.app.cursor_position
        self._lead_cursor()
        if self.app.cursor_position != before and self.focused is not None:
            # Not of the screen itself: then Textual would let go of all others that wait to be painted.
            self.focused.refresh(Region(0, 0, 1, 1))

    def _lead_cursor(self) -> None:
        if isinstance(self.focused, Choice) and self.focused.region:
            self.app.cursor_position = self.focused.label_offset

    def action_go(self, direction: Direction) -> None:
        """Move the focus the way the arrow points; at an edge it stays."""
        if self.focused is None:
            self.focus_next()
        elif target := neighbour(self.focused, (w for w in self.focus_chain if w is not self.focused), direction):
            self.set_focus(target)

    def frame(self, title: str) -> ComposeResult:
        """The line on top: what this is, and which screen it is on."""
        with Horizontal(id="top"):
            if self.desk.logo:
                yield Static(clean(self.desk.logo), id="logo", markup=False)
            yield Static(title, id="title", markup=False)
            yield Static(clean(self.desk.device_name), id="device", markup=False)

    def part(self, selector: str, kind: type[PartT]) -> PartT:
        """A widget of this screen. It is looked for once: it lives as long as the screen does.

        Textual's `query_one` keeps its answer under the number of times that anything was shown or hidden, so that
        lines which come and go leave an answer each behind, up to a thousand a screen.
        """
        found = self._parts.get(selector)
        if found is None:
            found = self._parts[selector] = self.query_one(selector, kind)
        assert isinstance(found, kind)  # noqa: S101 - a selector names one widget
        return found

    def say(self, selector: str, text: str) -> None:
        """Put text into a line, where it differs; an empty line takes no room."""
        line = self.part(selector, Static)
        line.display = bool(text)
        if line.content != text:
            line.update(text)

    def label(self, selector: str, text: str) -> None:
        """Name a choice."""
        self.part(selector, Choice).label = text

    def offer(self, *ids: str) -> None:
        """Show these choices and no others; the focus goes to the first where it would be lost."""
        for choice in self.query(Choice):
            choice.display = choice.id in ids
        if self.focused is None or not self.focused.display:
            self.set_focus(self.part(f"#{ids[0]}", Choice) if ids else None)
