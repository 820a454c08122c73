"""The keyboard for five keys: one widget that paints its keys, its completions and its questions.

It knows no more than the board (kiosk/entry/board.py) does; what is typed and what the person wants leave as messages.
A press repaints the two keys between which the focus moves, and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, get_args

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from kiosk.entry.board import Board, Direction, Step, Wish
from kiosk.entry.domains import Domains
from kiosk.entry.layouts import LAYOUTS
from kiosk.entry.presses import pressed, typed
from kiosk.entry.taps import PAUSE
from kiosk.values import replace
from kiosk.widgets.atonce import paint_at_once
from kiosk.widgets.boardpicture import Box, Look, Picture

_ARROWS: tuple[str, ...] = get_args(Direction)


class Keyboard(Widget, can_focus=True):
    """Types with arrows and OK, with number keys, or with a real keyboard."""

    DEFAULT_CSS = """
    Keyboard {
        width: 1fr;
        height: 1fr;
        &:disabled { opacity: 100%; }
        & > .keyboard--ground { color: $foreground; }
        & > .keyboard--character { color: $foreground; }
        & > .keyboard--word { color: $text-muted; }
        & > .keyboard--go { color: $primary; text-style: bold; }
        & > .keyboard--offer { color: $primary; }
        & > .keyboard--focus { text-style: bold reverse; }
        & > .keyboard--idle { color: $text-disabled; }
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"keyboard--{look.name.lower()}" for look in Look} | {"keyboard--idle"}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, f"key('{keys.partition(',')[0]}')", show=False, id=f"keyboard.{name}")
        for name, keys in (
            *((arrow, arrow) for arrow in _ARROWS),
            *(("ok", "enter,ctrl+j"), ("space", "space")),
            *(("red", "f1"), ("green", "f2"), ("yellow", "f3"), ("blue", "f4")),
            *(("delete", "backspace"), ("delete_after", "delete"), ("home", "home"), ("end", "end")),
        )
    ]

    @dataclass
    class Changed(Message):
        """What is typed, offered or asked is another now."""

        board: Board

    @dataclass
    class Wished(Message):
        """The person wants to go on, or to leave."""

        wish: Wish

    def __init__(
        self,
        now: Callable[[], float],
        domains: Domains,
        *,
        layout: str = "abc",
        leaves: bool = True,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._now = now
        self._board = Board.fresh(LAYOUTS[layout], domains, leaves=leaves)
        self._settling: Timer | None = None

    @property
    def board(self) -> Board:
        """What is typed, and where the focus is."""
        return self._board

    def begin(self, typed: str = "", layout: str | None = None) -> None:
        """Begin anew, in the layout that was used last if no other is named."""
        old = self._board
        self._show(
            Board.fresh(LAYOUTS[layout] if layout else old.layout, old.domains, typed, old.room, leaves=old.leaves)
        )

    def go_on_from(self, board: Board) -> None:
        """Go on with what was typed, and where the focus was, before this widget was there."""
        self._show(replace(board, domains=self._board.domains, leaves=self._board.leaves).with_room(self._picture.room))

    def prefer(self, domain: str) -> None:
        """Offer this domain first from now on."""
        self._board = replace(self._board, domains=self._board.domains.preferring(domain))

    # What keys do.

    def answer(self, key: str) -> bool:
        """Do what an arrow does without the way through the queue, where nothing waits in it; whether that is done."""
        if key not in _ARROWS or self.message_queue_size:
            return False
        self.action_key(key)
        return True

    def action_key(self, key: str) -> None:
        """Do what a key means."""
        step = pressed(self._board, key, self._now())
        if step is not None:
            self._take(step)

    def back(self) -> None:
        """Back: delete, then leave."""
        self.action_key("escape")

    async def on_key(self, event: events.Key) -> None:
        """A real keyboard, or a remote's number keys; all others do what they are bound to, in their turn."""
        if event.character is None or not event.is_printable or event.key == "space":
            # Textual looks at bindings only when the key has bubbled up to the app, and by then would have typed what
            # was pressed after it: keys that come fast, or before the first frame, would change places.
            if await self.app._check_bindings(event.key):
                event.stop()
                event.prevent_default()
            return
        event.stop()
        self._show(typed(self._board, event.character, self._now()))

    def on_paste(self, event: events.Paste) -> None:
        """The first line of what is pasted, without what cannot be seen."""
        event.stop()
        if lines := event.text.strip().splitlines():
            self._show(self._board.type(lines[0], by_keyboard=True))

    def on_click(self, event: events.Click) -> None:
        """A mouse or a finger, where there is one."""
        found = self._picture.row_at(self._board, event.y)
        for index, key in enumerate(found[1] if found else ()):
            box = self._picture.box(self._board, found[0] if found else 0, key)
            if box.x <= event.x < box.x + box.width:
                self._take(self._board.at(found[0] if found else 0, index).press(self._now()))
                return

    # What is seen.

    def _take(self, step: Step) -> None:
        self._show(step.board)
        if step.wish is not None:
            self.post_message(self.Wished(step.wish))

    def _show(self, board: Board) -> None:
        old, self._board = self._board, board
        self.lead_cursor()
        told = _told(board) != _told(old)
        if board.page is not old.page or board.capitals != old.capitals or board.layout is not old.layout:
            self.refresh()
        # What is told changes other widgets, too: one frame shows it all.
        elif (regions := self._difference(old, board)) and (told or not paint_at_once(self, *regions)):
            self.refresh(*regions)
        if self._settling is not None:
            self._settling.stop()
            self._settling = None
        if board.tap is not None:
            self._settling = self.set_timer(PAUSE, self._settle, name="settle")
        if told:
            self.post_message(self.Changed(board))

    def _difference(self, old: Board, board: Board) -> list[Region]:
        regions = []
        if board.top != old.top:
            regions.append(Region(0, 0, self.size.width, 1))
        if (board.row, board.index, board.typing) != (old.row, old.index, old.typing):
            regions += [_region(self._box_of(each)) for each in (old, board)]
        return regions

    @property
    def _picture(self) -> Picture:
        # Of the size as it is: a frame may be painted before `on_resize` has been called.
        return Picture(*self.size)

    def _box_of(self, board: Board) -> Box:
        return self._picture.box(board, board.row, board.key)

    def _settle(self) -> None:
        tap = self._board.tap
        left = 0.0 if tap is None else tap.at + PAUSE - self._now()
        if left > 0:  # timers and the clock are two things
            self._settling = self.set_timer(max(left, 0.05), self._settle, name="settle")
        else:
            self._show(self._board.settle())

    def on_resize(self) -> None:
        """Another room, another picture."""
        self._show(self._board.with_room(self._picture.room))
        self.refresh()

    def on_focus(self) -> None:
        """The terminal's cursor comes along."""
        self.lead_cursor()

    def lead_cursor(self) -> None:
        """Braille displays follow the terminal's cursor: put it on the key that has the focus."""
        if self.has_focus and not self._board.typing:
            box = self._box_of(self._board)
            self.app.cursor_position = self.region.offset + Offset(box.x + 1, box.line)

    def render_line(self, y: int) -> Strip:
        """One line of the board."""
        if self.is_disabled:
            idle = self.get_component_rich_style("keyboard--idle")
            return Strip([Segment(text, idle) for text, _ in self._picture.paint(self._board, y, focus=False)])
        runs = self._picture.paint(self._board, y, focus=self.has_focus)
        styles = {look: self.get_component_rich_style(f"keyboard--{look.name.lower()}") for _, look in runs}
        return Strip([Segment(text, styles[look]) for text, look in runs], self._picture.width)


def _told(board: Board) -> tuple[object, ...]:
    """What of the board others show: a change is told to them."""
    return board.line, board.top, board.typing, board.layout, board.next_completion, board.tap


def _region(box: Box) -> Region:
    return Region(box.x, box.line, box.width, 1)
