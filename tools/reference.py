"""Make the pages of ``docs/reference`` that list what the code has: states, events, guards, effects, problems, facts of
the audit, settings, commands, and all that is public beside the API and the ports.

``python -m tools.reference`` writes them; a test renders them anew. What a line says is the docstring, the text or the
help of the very thing, so that it is written once.
"""

import io
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final
from unittest.mock import patch

from attrs import fields

from msa_recovery import EventName, Language, PasswordRule, Policy, PolicyError, ProblemCode
from msa_recovery.domain import events
from msa_recovery.domain.compiler import EFFECTS, GUARDS, Chart
from msa_recovery.domain.journey import FINAL
from msa_recovery.domain.machine import CHARTS
from msa_recovery.domain.situation import needs_of
from msa_recovery.exploration.lines import Line, lines
from msa_recovery.texts.catalogue import catalogue
from tools.reference_facts import facts
from tools.reference_names import LEADS, described
from tools.reference_parts import attributes_of, cell, code, page_of, summary, table, value_text

__all__ = ["PAGES"]

_FOLDER: Final = Path(__file__).parents[1] / "docs" / "reference"
_COMMAND: Final = "msa-recovery"
_HELP_WIDTH: Final = "100"


# -- the charts --------------------------------------------------------------------------------------------------------


def _states() -> str:
    def of(chart: Chart) -> Iterator[str]:
        yield from (f"## The {chart.name} chart", "")
        accepted = {
            state: [event for at, event in chart.cells if at is state] for state in chart.titles if state not in FINAL
        }
        yield from table(
            ("state", "accepts"),
            ((f"`{state}`", code(accepted.get(state, ())) or "nothing: it is final") for state in chart.titles),
        )
        yield from (f"```{{include}} ../chart/{chart.name}.md", "```", "")
        yield from (":::{container} drawing", f"![The {chart.name} chart](../chart/{chart.name}.svg)", ":::", "")

    lead = (
        "Of the rows of one state and event, the first that holds fires; the last one always holds. A row is "
        "named by its state, its event and its number, in the facts of the [audit](../audit.md) too. The "
        "parts are explained in [guards](guards.md) and [effects](effects.md)."
    )
    return page_of("States and rows", lead, *(of(chart) for chart in CHARTS.values()))


def _events() -> str:
    def class_of(name: EventName) -> type:
        (found,) = (
            each
            for each in vars(events).values()
            if isinstance(each, type) and getattr(each, "name", None) is name and each is not EventName
        )
        return found

    french, english = (catalogue(language).entries for language in (Language.FR, Language.EN))
    rows = (
        (
            f"`{name}`",
            f"`{class_of(name).__name__}`",
            summary(class_of(name)),
            f"{french[f'event.{name}'].forms[0]} / {english[f'event.{name}'].forms[0]}",
            code(dict.fromkeys(at for chart in CHARTS.values() for at, event in chart.cells if event is name)),
        )
        for name in EventName
    )
    lead = (
        "What can happen to a journey. A host sends the class of this name (`lapse` is sent by time alone); "
        "the words are those of the button."
    )
    return page_of("Events", lead, table(("event", "class", "it means", "button", "accepted in"), rows))


def _used(part: Callable[[Line], tuple[str, ...]], name: str) -> str:
    used = [
        f"`{line.label}`"
        for chart in CHARTS.values()
        for line in lines(chart)
        if any(each.removeprefix("not ") == name for each in part(line))
    ]
    return "<br>".join(dict.fromkeys(used))


def _guards() -> str:
    rows = (
        (f"`{name}`", summary(guard), code(sorted(needs_of(guard))), _used(lambda line: line.guards, name))
        for name, guard in GUARDS.items()
    )
    lead = (
        "The conditions of the rows, each a pure predicate; read one as the end of *this row fires if ...*. "
        "What a guard reads of the outside is gathered whichever row then fires, so that the work done tells "
        "nothing."
    )
    return page_of("Guards", lead, table(("guard", "it holds if", "reads", "rows"), rows))


def _effects() -> str:
    rows = (
        (f"`{name}`", summary(effect), code(sorted(needs_of(effect))), _used(lambda line: line.effects, name))
        for name, effect in EFFECTS.items()
    )
    lead = (
        "What a row does. One whose name begins with `say` changes nothing: it sets the problem that the "
        "person is told."
    )
    return page_of("Effects", lead, table(("effect", "it does", "reads", "rows"), rows))


# -- what a host meets -------------------------------------------------------------------------------------------------


def _problems() -> str:
    french, english = (catalogue(language).entries for language in (Language.FR, Language.EN))

    def said(name: str) -> tuple[str, str]:
        return cell(" / ".join(english[name].forms)), cell(" / ".join(french[name].forms))

    lead = (
        "What a person may be told: `View.problem.code`, and what the shipped catalogues say for it (a plural "
        "after the slash). The codes are stable; [the audit](../audit.md) has them as reasons."
    )
    heads = ("code", "in English", "in French")
    return page_of(
        "Problem codes",
        lead,
        table(heads, ((f"`{code}`", *said(f"problem.{code}")) for code in ProblemCode)),
        (
            "## Rules of a new password",
            "",
            "`Problem.reasons` of `password_refused`: every rule that does not hold.",
            "",
        ),
        table(heads, ((f"`{rule}`", *said(f"rule.{rule}")) for rule in PasswordRule)),
    )


def _bounds(name: str) -> str:
    """What may be set, as the error says it that refuses anything else."""
    try:
        Policy(**{"name": "any", name: object()})  # type: ignore[arg-type]
    except PolicyError as refused:
        said = str(refused).partition(": ")[2].partition(", not <object")[0]
        return re.sub(
            r"(\d+) days?, 0:00:00|(\d+:\d\d:\d\d)", lambda each: f"{each[1]} d" if each[1] else each[2], said
        )
    raise AssertionError(f"{name} takes anything")


def _settings() -> str:
    meaning = attributes_of(Policy)
    profiles = (Policy.msa(), Policy.strict(), Policy.testing())
    rows = (
        (
            f"`{each.name}`",
            cell(meaning[each.name]),
            *(
                "by kind of identifier" if each.name == "decoys" else value_text(getattr(profile, each.name))
                for profile in profiles
            ),
            cell(_bounds(each.name)),
        )
        for each in fields(Policy)
    )
    lead = (
        "The fields of `Policy`. A value outside its bounds is a `PolicyError` that names the field; *R* and "
        "a number is a line of the [requirements](../requirements.md). How to set them: [a policy of your "
        "own](../how-to/own-policy.md). `testing()` reaches its limits in a few events, and is for tests alone. "
        "The settings of the pages are in [their reference](glue.md)."
    )
    head = ("field", "meaning", *(f"`{profile.name}()`" for profile in profiles), "may be")
    return page_of("Settings", lead, table(head, rows))


def _commands() -> str:
    from typer.main import get_command

    from msa_recovery.cli import app

    def helped(*words: str) -> Iterator[str]:
        said = io.StringIO()
        with patch.dict(os.environ, {"COLUMNS": _HELP_WIDTH, "TERMINAL_WIDTH": _HELP_WIDTH}), redirect_stdout(said):
            app.run([*words, "--help"])
        yield from (
            f"## {' '.join((_COMMAND, *words))}",
            "",
            "```text",
            *said.getvalue().rstrip().split("\n"),
            "```",
            "",
        )

    def under(group: object, *words: str) -> Iterator[str]:
        yield from helped(*words)
        for name, command in getattr(group, "commands", {}).items():
            yield from under(command, *words, name)

    lead = "The extra `cli` brings them. What each says of itself:"
    return page_of("Commands", lead, under(get_command(app._app)))  # noqa: SLF001 - its own tree of commands


def _names(page: str) -> str:
    return page_of(*LEADS[page], described(page))


PAGES: Final[Mapping[str, Callable[[], str]]] = MappingProxyType(
    {
        "states.md": _states,
        "events.md": _events,
        "guards.md": _guards,
        "effects.md": _effects,
        "problems.md": _problems,
        "facts.md": facts,
        "settings.md": _settings,
        "commands.md": _commands,
        **{page: partial(_names, page) for page in LEADS},
    }
)
"""The pages by name, each with what renders it."""


if __name__ == "__main__":
    for name, render in PAGES.items():
        (_FOLDER / name).write_text(render(), encoding="utf-8")
