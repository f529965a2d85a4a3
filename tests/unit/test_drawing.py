"""The drawings of the charts: every row once, with every guard and effect, and nothing that breaks the format."""

import re
from collections.abc import Callable, Iterator
from typing import Final
from xml.dom import minidom

import pytest
from attrs import evolve

from msa_recovery.domain.compiler import Chart
from msa_recovery.domain.journey import FINAL
from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration.drawing import dot, markdown, mermaid, svg

STAYS: Final = "stays"
OF_THE_COMPOUND: Final = {"abandon", "lapse"}

Drawn = tuple[str, tuple[str, ...], tuple[str, ...], str]
"""A row: its name, guards, effects, and where it leads."""


def compiled(chart: Chart) -> list[Drawn]:
    """Every row that was written, from the compiled table."""
    rows = set[Drawn]()
    for row in chart.rows:
        owner = "in_progress" if row.event in OF_THE_COMPOUND else str(row.state)
        guards = tuple(name if expected else f"not {name}" for name, expected in row.guards)
        target = STAYS if row.target is row.state else str(row.target)
        rows.add((f"{owner}.{row.event}.{row.label.rpartition('.')[2]}", guards, row.effects, target))
    return sorted(rows)


def from_sentence(owner: str, sentence: str, target: str) -> Drawn:
    found = re.fullmatch(r"(\w+\.\d+)(?: \[([^]]+)])?(?: / (.+))?", sentence)
    assert found, sentence
    guards, effects = (tuple(part.split(", ")) if part else () for part in (found[2], found[3]))
    return f"{owner}.{found[1]}", guards, effects, STAYS if target == owner else target


def in_mermaid(text: str) -> Iterator[Drawn]:
    for owner, target, sentence in re.findall(r"^ +(\w+) --> (\w+) : (.+)$", text, re.MULTILINE):
        yield from_sentence(owner, sentence, target)
    for sentence in re.findall(r"^ +stays on (.+)$", text, re.MULTILINE):
        yield from_sentence("in_progress", sentence, "in_progress")


def in_dot(text: str) -> Iterator[Drawn]:
    for owner, target, label in re.findall(r'^ +(\w+) -> (\w+) \[label="(.*)"\];$', text, re.MULTILINE):
        event, *parts = label.removesuffix("\\l").split("\\l")
        guards = tuple(part[1:-1] for part in parts if part.startswith("["))
        yield f"{owner}.{event}", guards, tuple(part[2:] for part in parts if part.startswith("/ ")), target
    for owner, label in re.findall(r'^ +(\w+) \[label="(.*)"', text, re.MULTILINE):
        for sentence in label.partition("\\n\\n")[2].split("\\l")[:-1]:
            yield from_sentence(owner, sentence, owner)


def in_markdown(text: str) -> Iterator[Drawn]:
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"`\w+\.\w+\.\d+`", cells[0]):
            name, guards, effects, target = (tuple(re.findall(r"[`*]([^`*]+)[`*]", cell)) for cell in cells)
            yield name[0], guards, effects, target[0]


def elements(text: str, tag: str) -> list[minidom.Element]:
    return list(minidom.parseString(text).getElementsByTagName(tag))  # noqa: S318 - our own


def words(element: minidom.Element) -> str:
    return "".join(node.data for node in element.childNodes if isinstance(node, minidom.Text))


def in_svg(text: str) -> Iterator[Drawn]:
    heads = [int(each.getAttribute("x")) for each in elements(text, "text") if each.getAttribute("class") == "head"]
    for group in elements(text, "g"):
        label = group.getAttribute("data-row")
        if label:
            texts = [(int(each.getAttribute("x")), words(each)) for each in group.getElementsByTagName("text")]
            event, guards, effects, target = (tuple(word for x, word in texts if x == head) for head in heads)
            assert label.endswith(f".{event[0]}")
            filled = guards not in (("otherwise",), ("always",))
            yield label, guards if filled else (), effects, target[0].removeprefix("→ ")


FORMATS: Final[dict[str, tuple[Callable[[Chart], str], Callable[[str], Iterator[Drawn]]]]] = {
    "mermaid": (mermaid, in_mermaid),
    "dot": (dot, in_dot),
    "markdown": (markdown, in_markdown),
    "svg": (svg, in_svg),
}
EACH_CHART = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
EACH_FORMAT = pytest.mark.parametrize("format_", FORMATS)


@EACH_CHART
@EACH_FORMAT
def test_every_row_is_drawn_once_with_its_guards_and_effects(chart: Chart, format_: str) -> None:
    draw, read = FORMATS[format_]
    assert compiled(chart) == sorted(read(draw(chart)))


@EACH_CHART
@EACH_FORMAT
def test_every_title_is_drawn(chart: Chart, format_: str) -> None:
    text = FORMATS[format_][0](chart)
    assert [] == [title for title in chart.titles.values() if title not in text]


# -- the compound state, the first and the final ones ------------------------------------------------------------------


@EACH_CHART
def test_mermaid_holds_the_states_in_progress_in_one_box(chart: Chart) -> None:
    box = mermaid(chart).partition("state in_progress {\n")[2].partition("\n    }\n")[0]
    assert [state for state in chart.titles if state not in FINAL] == re.findall(r'state ".*" as (\w+)', box)


@EACH_CHART
def test_mermaid_draws_no_final_state_into_the_box(chart: Chart) -> None:
    """It takes a state to lie where it is named first."""
    box = mermaid(chart).partition("state in_progress {\n")[2].partition("\n    }\n")[0]
    assert set() == FINAL & set(re.findall(r"--> (\w+) :", box))


@EACH_CHART
def test_mermaid_begins_at_the_first_state_and_ends_at_the_final_ones(chart: Chart) -> None:
    text = mermaid(chart)
    found = (*re.findall(r"^ {8}\[\*] --> (\w+)$", text, re.MULTILINE), *re.findall(r"(\w+) --> \[\*]", text))
    assert (chart.initial, *(state for state in chart.titles if state in FINAL)) == found


@EACH_CHART
def test_dot_holds_the_states_in_progress_in_one_cluster(chart: Chart) -> None:
    cluster = dot(chart).partition("subgraph cluster_in_progress {\n")[2].partition("\n    }\n")[0]
    inside = ["in_progress", *(state for state in chart.titles if state not in FINAL)]
    assert inside == re.findall(r"^ +(\w+) \[label", cluster, re.MULTILINE)


@EACH_CHART
def test_dot_doubles_the_border_of_final_states_only(chart: Chart) -> None:
    doubled = re.findall(r"^ +(\w+) \[label=.*peripheries=2", dot(chart), re.MULTILINE)
    assert [state for state in chart.titles if state in FINAL] == doubled


@EACH_CHART
def test_markdown_marks_the_first_and_the_final_states(chart: Chart) -> None:
    marked = dict(re.findall(r"^\| `(\w+)` \| .* \| (first|final) \|$", markdown(chart), re.MULTILINE))
    assert {chart.initial: "first", **{state: "final" for state in chart.titles if state in FINAL}} == marked


# -- the picture -------------------------------------------------------------------------------------------------------


def headers(text: str) -> dict[int, str]:
    """The name of the state at each height where an arrow may end."""
    texts = [each for each in elements(text, "text") if each.getAttribute("text-anchor") == "end"]
    return {int(each.getAttribute("y")) - 5: words(each) for each in texts}


def rows_by_height(text: str) -> dict[int, Drawn]:
    """Each row at the height where its line leaves the card."""
    groups = [each for each in elements(text, "g") if each.getAttribute("data-row")]
    tops = [int(each.getElementsByTagName("text")[0].getAttribute("y")) - 4 for each in groups]
    return dict(zip(tops, in_svg(text), strict=True))


@EACH_CHART
def test_every_line_of_the_picture_leads_from_a_row_to_the_state_that_it_names(chart: Chart) -> None:
    text = svg(chart)
    rows, states = rows_by_height(text), headers(text)
    led = list[Drawn]()
    for lane in (each for each in elements(text, "g") if each.getAttribute("stroke")):
        *_, end = (
            int(path.getAttribute("d").split()[1].partition("H")[0].partition("l")[0].partition("V")[0])
            for path in lane.getElementsByTagName("path")
        )
        for joint in lane.getElementsByTagName("circle"):
            row = rows[int(joint.getAttribute("cy"))]
            assert states[end] == row[3]
            led.append(row)
    assert [row for row in compiled(chart) if row[3] != STAYS] == sorted(led)


@EACH_CHART
def test_no_two_lanes_of_the_picture_touch(chart: Chart) -> None:
    spans = [
        tuple(int(number) for number in found)
        for found in re.findall(r'<path class="lane" d="M(\d+) (\d+)V(\d+)"/>', svg(chart))
    ]
    touching = [
        (one, other)
        for place, one in enumerate(spans)
        for other in spans[:place]
        if one[0] == other[0] and one[1] <= other[2] and other[1] <= one[2]
    ]
    assert [] == touching


@EACH_CHART
def test_the_picture_is_as_large_as_what_is_in_it(chart: Chart) -> None:
    text = svg(chart)
    _, _, width, height = (int(number) for number in elements(text, "svg")[0].getAttribute("viewBox").split())
    rights = [int(x) for x in re.findall(r"H(\d+)", text)] + [int(x) for x in re.findall(r'cx="(\d+)"', text)]
    bottoms = [int(e.getAttribute("y")) for e in elements(text, "text")]
    assert (max(rights) < width, max(bottoms) < height) == (True, True)


# -- escaping ----------------------------------------------------------------------------------------------------------

NASTY: Final = 'a "b" <c> & d; #e | f \\ g\nh %'


def with_title(title: str) -> Chart:
    chart = next(iter(CHARTS.values()))
    return evolve(chart, titles={**chart.titles, chart.initial: title})


def test_mermaid_is_not_broken_by_a_title() -> None:
    line = next(line for line in mermaid(with_title(NASTY)).splitlines() if line.endswith(" as identifying"))
    escaped = "a #quot;b#quot; #lt;c#gt; #amp; d#59; #35;e | f \\ g h %"
    assert f'        state "{escaped}" as identifying' == line


def test_dot_is_not_broken_by_a_title() -> None:
    line = next(line for line in dot(with_title(NASTY)).splitlines() if line.startswith("        identifying ["))
    assert line.startswith('        identifying [label="a \\"b\\" <c> & d; #e | f \\\\ g h %\\n(identifying)')


def test_markdown_is_not_broken_by_a_title() -> None:
    line = markdown(with_title(NASTY)).splitlines()[2]
    assert '| `identifying` | a "b" &lt;c&gt; &amp; d; #e \\| f \\\\ g h % | first |' == line


def test_the_picture_is_not_broken_by_a_title() -> None:
    texts = [words(each) for each in elements(svg(with_title(NASTY)), "text")]
    assert 1 == texts.count(NASTY)
