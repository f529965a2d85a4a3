"""The charts as SCXML (W3C), for tools that read it; python-statemachine's own reader is one.

A guard is a datum of the document's data model, ``False`` until somebody sets it; an effect is a log line. What they
mean is said by the library alone.
"""

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from msa_recovery.domain.compiler import Chart
from msa_recovery.domain.journey import State

from .lines import COMPOUND, Line, in_progress, lines, outcomes

__all__ = ["scxml"]

_OURS: Final = "urn:msa-recovery:chart"


def scxml(chart: Chart) -> str:
    """The chart with every row that was written, in order: of the rows of one state and event, the first that holds
    fires, as SCXML has it too. Each carries its label, each state its title."""
    every = lines(chart)

    def state(of: State, tag: str, indent: str) -> Iterator[str]:
        head = f"{indent}<{tag} id={quoteattr(of)} msa:title={quoteattr(chart.titles[of])}"
        own = [line for line in every if line.source is of]
        if not own:
            yield f"{head}/>"
            return
        yield f"{head}>"
        for line in own:
            yield from _transition(line, indent + "    ")
        yield f"{indent}</{tag}>"

    guards = sorted({name for row in chart.rows for name, _ in row.guards})
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:msa="{_OURS}" version="1.0" datamodel="python"',
        f'       name={quoteattr(chart.name)} initial="{COMPOUND}">',
        "    <datamodel>",
        *(f'        <data id="{name}" expr="False"/>' for name in guards),
        "    </datamodel>",
        f'    <state id="{COMPOUND}" initial="{chart.initial}">',
    ]
    for each in in_progress(chart):
        out += state(each, "state", " " * 8)
    for line in every:
        if line.source is None:
            out += _transition(line, " " * 8)
    out.append("    </state>")
    for each in outcomes(chart):
        out += state(each, "final", " " * 4)
    return "\n".join([*out, "</scxml>"]) + "\n"


def _transition(line: Line, indent: str) -> Iterator[str]:
    condition = f" cond={quoteattr(' and '.join(line.guards))}" if line.guards else ""
    target = f' target="{line.target}"' if line.target else ""
    head = f'{indent}<transition event="{line.event}"{condition}{target} msa:row="{line.label}"'
    if not line.effects:
        yield f"{head}/>"
        return
    yield f"{head}>"
    yield from (f"{indent}    <log label={quoteattr(escape(name))}/>" for name in line.effects)
    yield f"{indent}</transition>"
