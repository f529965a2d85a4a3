"""A chart as one picture that needs no other program: cards, and lanes between them.

Each state in progress is a card: its title, and its rows as lines of a table. A row that leads to another state ends in
a dot on that state's lane, a vertical line on the right; the lane's arrow points to the state. So every arrow can be
followed, however many rows there are. The rows of the compound state stand in a card of their own inside its box; the
final states stand below it.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import cycle
from typing import Final, final

from attrs import frozen

from msa_recovery.domain.compiler import Chart
from msa_recovery.domain.journey import State

from .lines import COMPOUND, Line, in_progress, lines, outcomes

__all__ = ["NAMES", "Cells", "Words", "svg"]

_MARGIN: Final = 24
_PAD: Final = 14
_CARD_X: Final = _MARGIN + _PAD
_CHARACTER: Final = 7.25
"""The width of a monospaced character at the size below."""
_COLUMN_GAP: Final = 22
_LINE: Final = 15
_HEADER: Final = 34
_ROW_PAD: Final = 5
_GAP: Final = 18
_LANE_GAP: Final = 20
_COLOURS: Final = (
    "#0b5cad",
    "#b4451a",
    "#2e7d32",
    "#7b1fa2",
    "#00757f",
    "#a01846",
    "#6b5900",
    "#3949ab",
    "#5d4037",
    "#c2185b",
    "#33691e",
    "#455a64",
)

_STYLE: Final = """
text { font: 12px Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1f2933; }
.title { font: 600 14px 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif; }
.name { fill: #52606d; }
.head { font: 11px 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif; fill: #52606d; }
.event { font-weight: 700; }
.not { fill: #a61b1b; }
.quiet { fill: #616e7c; font-style: italic; }
.card { fill: #ffffff; stroke: #9aa5b1; }
.band { fill: #e4ecf5; stroke: #9aa5b1; }
.final { fill: #f0f4e8; stroke: #6b7f3f; stroke-width: 1.5; }
.box { fill: #f7f9fb; stroke: #52606d; stroke-dasharray: 6 4; }
.rule { stroke: #e4e7eb; }
.lane { fill: none; stroke-width: 1.6; }
"""


Cells = tuple[tuple[tuple[str, str], ...], ...]
"""The texts of a row by column, one below the other; each with its class: ``event``, ``name``, ``not``, ``quiet`` or
none."""


@final
@frozen
class Words:
    """What a drawing says.

    Attributes:
        title: of the drawing.
        heads: over the columns.
        rows: those that are drawn, with the texts of each; of several rows of one event, which stand together, only the
            first begins with a rule.
        inside: over the box around the states in progress.
        anywhere: over the rows that each of these has.
        names: whether a state's name stands beside its title.
        style: CSS that comes after the drawing's own.
    """

    title: Callable[[Chart], str]
    heads: tuple[str, ...]
    rows: Callable[[Chart], Sequence[tuple[Line, Cells]]]
    inside: str
    anywhere: str
    names: bool
    style: str = ""


def _named(chart: Chart) -> Sequence[tuple[Line, Cells]]:
    found: list[tuple[Line, Cells]] = []
    before: Line | None = None
    for line in lines(chart):
        again = before is not None and (before.source, before.event) == (line.source, line.event)
        otherwise = ("otherwise" if line.number > 1 else "always", "quiet")
        cells: Cells = (
            ((f"{line.event}.{line.number}", "name" if again else "event"),),
            tuple((name, "not" if name.startswith("not ") else "") for name in line.guards) or (otherwise,),
            tuple((name, "") for name in line.effects),
            ((f"→ {line.target}", "") if line.target else ("stays", "quiet"),),
        )
        found.append((line, cells))
        before = line
    return found


NAMES: Final = Words(
    title=lambda chart: chart.name,
    heads=("event", "fires if", "does", "leads to"),
    rows=_named,
    inside=COMPOUND,
    anywhere=f"any state of {COMPOUND}",
    names=True,
)
"""Every row, with its guards and effects, by the names of the code."""


@final
@frozen
class _Card:
    """One card on the page.

    Attributes:
        state: whose it is; ``None`` for the rows of the compound state.
        top: its upper edge.
        rows: its lines, each with its upper edge.
    """

    state: State | None
    top: int
    rows: tuple[tuple[int, Line, Cells], ...] = ()

    @property
    def bottom(self) -> int:
        if not self.rows:
            return self.top + _HEADER
        top, _, cells = self.rows[-1]
        return top + _height(cells)

    @property
    def middle(self) -> int:
        """The middle of the header, where the lane's arrow ends."""
        return self.top + _HEADER // 2


@final
@frozen
class _Lane:
    """What leads to one state: from the joints, down or up to the state's card."""

    target: State
    joints: tuple[int, ...]
    end: int

    @property
    def top(self) -> int:
        return min(*self.joints, self.end)

    @property
    def bottom(self) -> int:
        return max(*self.joints, self.end)


def _height(cells: Cells) -> int:
    return max(map(len, cells)) * _LINE + 2 * _ROW_PAD


def _card(state: State | None, top: int, rows: Iterable[tuple[Line, Cells]]) -> _Card:
    placed: list[tuple[int, Line, Cells]] = []
    at = top + _HEADER
    for line, cells in rows:
        placed.append((at, line, cells))
        at += _height(cells)
    return _Card(state, top, tuple(placed))


def _cards(chart: Chart, rows: Sequence[tuple[Line, Cells]], top: int) -> tuple[list[_Card], int, list[_Card]]:
    """The cards inside the compound state, the lower edge of its box, and the cards of the final states."""
    inside: list[_Card] = []
    for state in (*in_progress(chart), None):
        inside.append(_card(state, top, (row for row in rows if row[0].source is state)))
        top = inside[-1].bottom + _GAP
    floor = top
    final = [_Card(state, floor + _GAP + place * (_HEADER + _GAP // 2)) for place, state in enumerate(outcomes(chart))]
    return inside, floor, final


def _lanes(cards: Sequence[_Card]) -> list[list[_Lane]]:
    """The lanes in columns, the shortest nearest to the cards; two share a column where they leave each other room."""
    joints: dict[State, list[int]] = {}
    for card in cards:
        for top, line, _ in card.rows:
            if line.target is not None:
                joints.setdefault(line.target, []).append(_baseline(top) - 4)
    ends = {card.state: card.middle for card in cards if card.state is not None}
    lanes = [_Lane(target, tuple(tops), ends[target]) for target, tops in joints.items()]
    columns: list[list[_Lane]] = []
    for lane in sorted(lanes, key=lambda each: (each.bottom - each.top, each.end)):
        for column in columns:
            if all(lane.top > other.bottom + _GAP or lane.bottom < other.top - _GAP for other in column):
                column.append(lane)
                break
        else:
            columns.append([lane])
    return columns


def _baseline(top: int) -> int:
    return top + _ROW_PAD + 11


def _columns(rows: Sequence[tuple[Line, Cells]]) -> tuple[list[int], int]:
    """Where each column begins, as wide as its longest text, and where the cards end."""
    starts, at = list[int](), _CARD_X + _PAD
    for texts in zip(*(cells for _, cells in rows), strict=True):
        starts.append(at)
        at += math.ceil(max(len(text) for cell in texts for text, _ in cell) * _CHARACTER) + _COLUMN_GAP
    return starts, at


def _text(x: int, y: int, text: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}"{named}>{escape(text)}</text>'


def _header(card: _Card, chart: Chart, words: Words, edge: int, kind: str) -> list[str]:
    title = words.anywhere if card.state is None else chart.titles[card.state]
    y = card.middle + 5
    drawn = [
        f'<rect class="{kind}" x="{_CARD_X}" y="{card.top}" width="{edge - _CARD_X}" height="{_HEADER}" rx="5"/>',
        _text(_CARD_X + _PAD, y, title, "title"),
    ]
    if words.names:
        name = "" if card.state is None else str(card.state)
        drawn.append(f'<text x="{edge - _PAD}" y="{y}" text-anchor="end" class="name">{escape(name)}</text>')
    return drawn


def _row(top: int, line: Line, cells: Cells, starts: list[int], edge: int, *, again: bool) -> list[str]:
    out = [f'<g data-row="{escape(line.label)}">']
    if not again:
        out.append(f'<path class="rule" d="M{_CARD_X} {top}H{edge}"/>')
    for x, texts in zip(starts, cells, strict=True):
        for place, (text, kind) in enumerate(texts):
            out.append(_text(x, _baseline(top) + place * _LINE, text, kind))
    return [*out, "</g>"]


def _drawn_card(card: _Card, chart: Chart, words: Words, starts: list[int], edge: int) -> list[str]:
    box = f'x="{_CARD_X}" y="{card.top}" width="{edge - _CARD_X}" height="{card.bottom - card.top}"'
    out = [f'<rect class="card" {box} rx="5"/>', *_header(card, chart, words, edge, "band")]
    before: Line | None = None
    for top, line, cells in card.rows:
        out += _row(top, line, cells, starts, edge, again=before is not None and before.event is line.event)
        before = line
    return out


def _drawn_lane(lane: _Lane, x: int, edge: int, colour: str) -> list[str]:
    return [
        f'<g stroke="{colour}" fill="{colour}"><path class="lane" d="M{x} {lane.top}V{lane.bottom}"/>',
        *(
            f'<path class="lane" d="M{edge} {y}H{x}"/><circle cx="{x}" cy="{y}" r="3" stroke="none"/>'
            for y in lane.joints
        ),
        f'<path class="lane" d="M{x} {lane.end}H{edge + 8}"/>',
        f'<path d="M{edge + 1} {lane.end}l10 -5v10z" stroke="none"/></g>',
    ]


def svg(chart: Chart, words: Words = NAMES) -> str:
    """The chart as an SVG of its own, readable on a page: with the names of the code every row with its guards and
    effects, and where it leads."""
    first = _MARGIN + 2 * _HEADER
    rows = words.rows(chart)
    inside, floor, final = _cards(chart, rows, first)
    columns = _lanes([*inside, *final])
    starts, edge = _columns(rows)
    right = edge + _PAD
    width, height = right + (len(columns) + 1) * _LANE_GAP, final[-1].bottom + _MARGIN
    start = inside[0].middle
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(words.title(chart))}</title>",
        f"<style>{_STYLE}{words.style}</style>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<rect class="box" x="{_MARGIN}" y="{_MARGIN}" width="{right - _MARGIN}" height="{floor - _MARGIN}" rx="8"/>',
        _text(_CARD_X, _MARGIN + 22, words.inside, "title"),
        *(_text(x, first - _PAD, head, "head") for x, head in zip(starts, words.heads, strict=True)),
        f'<circle cx="{_MARGIN}" cy="{start}" r="6"/><path d="M{_MARGIN} {start}H{_CARD_X}" stroke="#000000"/>',
    ]
    for card in inside:
        out += _drawn_card(card, chart, words, starts, edge)
    for card in final:
        out += _header(card, chart, words, edge, "final")
    colours = cycle(_COLOURS)
    for place, column in enumerate(columns, start=1):
        for lane in column:
            out += _drawn_lane(lane, right + place * _LANE_GAP, edge, next(colours))
    return "\n".join([*out, "</svg>"]) + "\n"
