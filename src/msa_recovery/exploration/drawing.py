"""The charts as text that other tools draw: Mermaid, Graphviz's dot and Markdown; and, by ``svg.py``, as a picture.

Everything is printed from the compiled table, so that no drawing can differ from what the product runs: every row, with
every guard (``not`` where it must not hold) and every effect.
"""

from collections.abc import Iterable
from html import escape

from msa_recovery.domain.compiler import Chart
from msa_recovery.domain.journey import State

from .lines import COMPOUND, Line, in_progress, lines, outcomes
from .svg import svg

__all__ = ["dot", "markdown", "mermaid", "svg"]


def _sentence(line: Line) -> str:
    """``identify.1 [first_sign_in, not guess_is_right] / adopt_account``, as in UML."""
    guards = f" [{', '.join(line.guards)}]" if line.guards else ""
    effects = f" / {', '.join(line.effects)}" if line.effects else ""
    return f"{line.event}.{line.number}{guards}{effects}"


# -- Mermaid -----------------------------------------------------------------------------------------------------------


def _mermaid_text(text: str) -> str:
    """Text between quotes: Mermaid reads ``#name;`` as a character, and what looks like markup as markup."""
    named = {"#": "#35;", ";": "#59;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "\n": " "}
    return "".join(named.get(character, character) for character in text)


def mermaid(chart: Chart) -> str:
    """A ``stateDiagram-v2`` for Mermaid, as Git hosts render it in a page.

    Mermaid draws no arrow from a compound state to itself: such rows stand in a note beside it.
    """

    def state(of: State, indent: str) -> str:
        return f'{indent}state "{_mermaid_text(chart.titles[of])}" as {of}'

    every = lines(chart)
    inside = [line for line in every if line.source is not None and line.target not in outcomes(chart)]
    outward = [line for line in every if line not in inside and line.target is not None]
    staying = [line for line in every if line.source is None and line.target is None]
    out = ["stateDiagram-v2", f"    [*] --> {COMPOUND}", f"    state {COMPOUND} {{", f"        [*] --> {chart.initial}"]
    out += [state(each, " " * 8) for each in in_progress(chart)]
    out += [f"        {line.source} --> {line.target or line.source} : {_sentence(line)}" for line in inside]
    out += ["    }"]
    out += [state(each, " " * 4) for each in outcomes(chart)]
    out += [f"    {line.source or COMPOUND} --> {line.target} : {_sentence(line)}" for line in outward]
    out += [f"    {each} --> [*]" for each in outcomes(chart)]
    if staying:
        out += [
            f"    note right of {COMPOUND}",
            *(f"        stays on {_sentence(line)}" for line in staying),
            "    end note",
        ]
    return "\n".join(out) + "\n"


# -- dot ---------------------------------------------------------------------------------------------------------------


def _dot_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def _dot_lines(texts: Iterable[str]) -> str:
    """Lines of a label, set flush left."""
    return "".join(f"{_dot_text(text)}\\l" for text in texts)


def dot(chart: Chart) -> str:
    """A digraph for Graphviz, the compound state as a cluster; its own rows start at a box inside it.

    Rows that stay are written into their state's box, as UML writes them: loops would lie on top of each other.
    """
    every = lines(chart)

    def node(name: str, title: str, more: str = "") -> str:
        staying = [_sentence(line) for line in every if (line.source or COMPOUND) == name and line.target is None]
        rows = f"\\n{_dot_lines(staying)}" if staying else ""
        return f'{name} [label="{_dot_text(title)}\\n({name})\\n{rows}"{more}];'

    out = [
        f'digraph "{_dot_text(chart.name)}" {{',
        "    nodesep=0.6; ranksep=0.9;",
        '    node [shape=box, style=rounded, fontname="Helvetica", fontsize=11];',
        '    edge [fontname="Courier", fontsize=9];',
        "    start [shape=point, width=0.2];",
        f"    subgraph cluster_{COMPOUND} {{",
        "        style=rounded;",
        f"        {node(COMPOUND, 'any state in this box', ', style=dashed')}",
        *(f"        {node(each, chart.titles[each])}" for each in in_progress(chart)),
        "    }",
        *(f"    {node(each, chart.titles[each], ', peripheries=2')}" for each in outcomes(chart)),
        f"    start -> {chart.initial};",
    ]
    for line in every:
        if line.target is not None:
            parts = (f"{line.event}.{line.number}", *(f"[{g}]" for g in line.guards), *(f"/ {e}" for e in line.effects))
            label = _dot_lines(parts)
            out.append(f'    {line.source or COMPOUND} -> {line.target} [label="{label}"];')
    return "\n".join([*out, "}"]) + "\n"


# -- Markdown ----------------------------------------------------------------------------------------------------------


def _cell(text: str) -> str:
    """Text of one cell: a bar would end it, a line break the table, and markup would be taken as such."""
    return escape(text, quote=False).replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")


def _code(names: tuple[str, ...]) -> str:
    return "<br>".join(f"`{name}`" for name in names)


def markdown(chart: Chart) -> str:
    """Two tables: the states with what the person sees, and the rows.

    Of the rows of one state and event, the first that holds fires.
    """
    out = ["| state | the person sees | |", "|---|---|---|"]
    for state, title in chart.titles.items():
        role = "first" if state is chart.initial else "final" if state in outcomes(chart) else ""
        out.append(f"| `{state}` | {_cell(title)} | {role} |")
    out += ["", "| row | fires if | does | leads to |", "|---|---|---|---|"]
    for line in lines(chart):
        target = f"`{line.target}`" if line.target else "*stays*"
        out.append(f"| `{line.label}` | {_code(line.guards)} | {_code(line.effects)} | {target} |")
    return "\n".join(out) + "\n"
