"""A chart as one picture that needs no other program: cards, and lanes between them.

Each state in progress is a card: its title, and its rows as lines of a table. A row that leads to another state ends in
a dot on that state's lane, a vertical line on the right; the lane's arrow points to the state. So every arrow can be
followed, however many rows there are. The rows of the compound state stand in a card of their own inside its box; the
final states stand below it.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final, final

from attrs import frozen

from msa_recovery.domain.journey import State
from msa_recovery.domain.machine import Chart

from .lines import COMPOUND, Line, in_progress, lines, outcomes

__all__ = ["svg"]

_MARGIN: Final = 24
_PAD: Final = 14
_CARD_X: Final = _MARGIN + _PAD
_CARD_WIDTH: Final = 880
_COLUMNS: Final = {"event": 14, "guards": 196, "effects": 446, "target": 676}
_LINE: Final = 15
_HEADER: Final = 34
_ROW_PAD: Final = 5
_GAP: Final = 18
_LANE_GAP: Final = 20
_COLOURS: Final = ("#0b5cad", "#b4451a", "#2e7d32", "#7b1fa2", "#00757f", "#a01846", "#6b5900", "#3949ab", "#5d4037")

_STYLE: Final = """
text { font: 12px Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1f2933; }
.title { font: 600 14px 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif; }
.name { fill: #52606d; }
.head { font: 11px 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif; fill: #52606d; }
.event { font-weight: 700; }
.not { fill: #a61b1b; }
.stays { fill: #7b8794; font-style: italic; }
.card { fill: #ffffff; stroke: #9aa5b1; }
.band { fill: #e4ecf5; stroke: #9aa5b1; }
.final { fill: #f0f4e8; stroke: #6b7f3f; stroke-width: 1.5; }
.box { fill: #f7f9fb; stroke: #52606d; stroke-dasharray: 6 4; }
.rule { stroke: #e4e7eb; }
.lane { fill: none; stroke-width: 1.6; }
"""


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
    rows: tuple[tuple[int, Line], ...] = ()

    @property
    def bottom(self) -> int:
        if not self.rows:
            return self.top + _HEADER
        top, line = self.rows[-1]
        return top + _height(line)

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


def _height(line: Line) -> int:
    return max(1, len(line.guards), len(line.effects)) * _LINE + 2 * _ROW_PAD


def _card(state: State | None, top: int, rows: Iterable[Line]) -> _Card:
    placed: list[tuple[int, Line]] = []
    at = top + _HEADER
    for line in rows:
        placed.append((at, line))
        at += _height(line)
    return _Card(state, top, tuple(placed))


def _cards(chart: Chart, top: int) -> tuple[list[_Card], int, list[_Card]]:
    """The cards inside the compound state, the lower edge of its box, and the cards of the final states."""
    every = lines(chart)
    inside: list[_Card] = []
    for state in (*in_progress(chart), None):
        inside.append(_card(state, top, (line for line in every if line.source is state)))
        top = inside[-1].bottom + _GAP
    floor = top
    final = [_Card(state, floor + _GAP + place * (_HEADER + _GAP // 2)) for place, state in enumerate(outcomes(chart))]
    return inside, floor, final


def _lanes(cards: Sequence[_Card]) -> list[list[_Lane]]:
    """The lanes in columns, the shortest nearest to the cards; two share a column where they leave each other room."""
    joints: dict[State, list[int]] = {}
    for card in cards:
        for top, line in card.rows:
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


def _text(x: int, y: int, text: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}"{named}>{escape(text)}</text>'


def _header(card: _Card, chart: Chart, kind: str) -> list[str]:
    title = f"any state of {COMPOUND}" if card.state is None else chart.titles[card.state]
    name = "" if card.state is None else str(card.state)
    y = card.middle + 5
    right = _CARD_X + _CARD_WIDTH - _PAD
    return [
        f'<rect class="{kind}" x="{_CARD_X}" y="{card.top}" width="{_CARD_WIDTH}" height="{_HEADER}" rx="5"/>',
        _text(_CARD_X + _PAD, y, title, "title"),
        f'<text x="{right}" y="{y}" text-anchor="end" class="name">{escape(name)}</text>',
    ]


def _row(top: int, line: Line, *, again: bool) -> list[str]:
    y = _baseline(top)
    x = {column: _CARD_X + offset for column, offset in _COLUMNS.items()}
    out = [] if again else [f'<line class="rule" x1="{_CARD_X}" y1="{top}" x2="{_CARD_X + _CARD_WIDTH}" y2="{top}"/>']
    out.append(_text(x["event"], y, f"{line.event}.{line.number}", "name" if again else "event"))
    for place, guard in enumerate(line.guards):
        out.append(_text(x["guards"], y + place * _LINE, guard, "not" if guard.startswith("not ") else ""))
    if not line.guards:
        out.append(_text(x["guards"], y, "otherwise" if line.number > 1 else "always", "stays"))
    out += [_text(x["effects"], y + place * _LINE, effect) for place, effect in enumerate(line.effects)]
    if line.target is None:
        out.append(_text(x["target"], y, "stays", "stays"))
    else:
        out.append(_text(x["target"], y, f"→ {line.target}"))
    return out


def _drawn_card(card: _Card, chart: Chart) -> list[str]:
    height = card.bottom - card.top
    out = [f'<rect class="card" x="{_CARD_X}" y="{card.top}" width="{_CARD_WIDTH}" height="{height}" rx="5"/>']
    out += _header(card, chart, "band")
    before: Line | None = None
    for top, line in card.rows:
        out += _row(top, line, again=before is not None and before.event is line.event)
        before = line
    return out


def _drawn_lane(lane: _Lane, x: int, colour: str) -> list[str]:
    edge = _CARD_X + _CARD_WIDTH
    out = [f'<g stroke="{colour}" fill="{colour}">', f'<path class="lane" d="M{x} {lane.top}V{lane.bottom}"/>']
    for y in lane.joints:
        out.append(f'<path class="lane" d="M{edge} {y}H{x}"/><circle cx="{x}" cy="{y}" r="3" stroke="none"/>')
    out.append(f'<path class="lane" d="M{x} {lane.end}H{edge + 8}"/>')
    out.append(f'<path d="M{edge + 1} {lane.end}l10 -5v10z" stroke="none"/></g>')
    return out


def svg(chart: Chart) -> str:
    """The chart as an SVG of its own, readable on a page: every row with its guards and effects, and where it leads."""
    first = _MARGIN + 2 * _HEADER
    inside, floor, final = _cards(chart, first)
    columns = _lanes([*inside, *final])
    box_right = _CARD_X + _CARD_WIDTH + _PAD
    width = box_right + (len(columns) + 1) * _LANE_GAP + _MARGIN
    height = final[-1].bottom + _MARGIN
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img"><title>{escape(chart.name)}</title>',
        f"<style>{_STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<rect class="box" x="{_MARGIN}" y="{_MARGIN}" width="{box_right - _MARGIN}" height="{floor - _MARGIN}" rx="8"/>',
        _text(_CARD_X, _MARGIN + 22, COMPOUND, "title"),
        *(
            _text(_CARD_X + offset, first - _PAD, words, "head")
            for offset, words in zip(_COLUMNS.values(), ("event", "fires if", "does", "leads to"), strict=True)
        ),
        f'<circle cx="{_MARGIN}" cy="{inside[0].middle}" r="6"/>',
        f'<path d="M{_MARGIN} {inside[0].middle}H{_CARD_X}" stroke="#000000"/>',
    ]
    for card in inside:
        out += _drawn_card(card, chart)
    for card in final:
        out += _header(card, chart, "final")
    colour = 0
    for place, column in enumerate(columns, start=1):
        for lane in column:
            out += _drawn_lane(lane, box_right + place * _LANE_GAP, _COLOURS[colour % len(_COLOURS)])
            colour += 1
    return "\n".join([*out, "</svg>"]) + "\n"
