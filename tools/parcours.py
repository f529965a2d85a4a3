"""Make ``docs/parcours.md``: the journey in French, for the people who own it.

``python -m tools.parcours`` writes it; a test renders it anew. Titles, texts and numbers are the product's own; what
the code has no French for stands in ``docs/parcours.toml``, a sentence for each guard, effect and setting.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from attrs import fields

from msa_recovery import EventName, Language, Policy
from msa_recovery.domain.compiler import Chart
from msa_recovery.domain.journey import FINAL, ChartName, State
from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration.lines import Line, in_progress, lines, outcomes
from msa_recovery.texts import event_text
from msa_recovery.texts.catalogue import catalogue
from tools.reference import cell, value_text

__all__ = ["page", "sentences"]

_DOCS: Final = Path(__file__).parents[1] / "docs"

_CHARTS: Final[Mapping[ChartName, str]] = {
    ChartName.RECOVERY: "Mot de passe oublié",
    ChartName.CHANGE: "Changer son mot de passe",
}

_TEXTS: Final[Mapping[str, str]] = {
    "state": "Titres et textes des étapes",
    "event": "Boutons",
    "question": "Questions de la première connexion",
    "problem": "Ce qui est dit quand quelque chose ne va pas",
    "rule": "Règles d’un nouveau mot de passe",
    "message": "SMS, e-mails et courriers",
    "page": "Autres textes des pages",
}

_UNITS: Final[Mapping[str, str]] = {"yes": "oui", "no": "non"}


def sentences() -> Mapping[str, Mapping[str, str]]:
    """What the code has no French for, by kind and name."""
    found: dict[str, dict[str, str]] = tomllib.loads((_DOCS / "parcours.toml").read_text(encoding="utf-8"))
    return found


def _value(value: object) -> str:
    said = value_text(value)
    return _UNITS.get(said, said.replace(" d", " j"))


def _row(chart: Chart, line: Line, *, first: bool) -> str:
    said = sentences()
    guards = [
        said["contraires"][name.removeprefix("not ")] if name.startswith("not ") else said["conditions"][name]
        for name in line.guards
    ]
    when = f"si {' et si '.join(guards)}" if guards else "toujours" if first else "sinon"
    does = " ; ".join(said["effets"][name] for name in line.effects)
    target = f"**→ {chart.titles[line.target]}**" if line.target else "*la personne reste à cette étape*"
    return f"{line.number}. {when}{' : ' if does else ''}{does} — {target}"


def _step(chart: Chart, state: State | None, every: tuple[Line, ...]) -> Iterator[str]:
    title = "À chaque étape" if state is None else chart.titles[state]
    yield from (f"### {title}", "")
    if state is not None:
        texts = catalogue(Language.FR).entries
        for name, entry in texts.items():
            if name.startswith(f"state.{chart.name}.{state}.lead"):
                yield from (f"> {entry.forms[0]}", "")
    own = [line for line in every if line.source is state]
    for event in dict.fromkeys(line.event for line in own):
        rows = [line for line in own if line.event is event]
        yield from (f"**{_what(event)}**", "")
        yield from (_row(chart, line, first=len(rows) == 1) for line in rows)
        yield ""


def _what(event: EventName) -> str:
    return f"{event_text(event, Language.FR)} (`{event}`)"


def _chart(chart: Chart) -> Iterator[str]:
    yield from (f"## {_CHARTS[chart.name]}", "")
    yield from (":::{container} drawing", f"![{_CHARTS[chart.name]}](chart/{chart.name}.svg)", ":::", "")
    every = lines(chart)
    for state in (*in_progress(chart), None):
        yield from _step(chart, state, every)
    yield from ("### Comment cela se termine", "")
    yield from (f"- {chart.titles[state]} (`{state}`)" for state in outcomes(chart) if state in FINAL)
    yield ""


def _rules() -> Iterator[str]:
    yield from ("## Les règles", "", "| règle | valeur |", "|---|---|")
    policy, said = Policy.msa(), sentences()["reglages"]
    for each in fields(Policy):
        if each.name not in {"name", "decoys"}:
            yield f"| {said[each.name]} (`{each.name}`) | {_value(getattr(policy, each.name))} |"
    yield ""


def _texts() -> Iterator[str]:
    yield from ("## Les textes", "")
    yield (
        "Chacun peut être remplacé, par son nom, sans changer le programme : [les messages](messages.md). Ce qui est "
        "écrit `%(ainsi)s` est rempli quand le texte est montré ou envoyé."
    )
    yield ""
    entries = catalogue(Language.FR).entries
    for prefix, title in _TEXTS.items():
        yield from (f"### {title}", "", "| nom | texte |", "|---|---|")
        yield from (
            f"| `{name}` | {cell(' / '.join(entry.forms))} |"
            for name, entry in entries.items()
            if name.startswith(f"{prefix}.")
        )
        yield ""


def page() -> str:
    """The page as it should be."""
    lead = (
        "Pour les personnes qui ont la charge du parcours : ce que la personne voit, ce que le programme décide, et "
        "tous les textes. Cette page est tirée du programme lui-même : elle dit ce qu’il fait, et rien d’autre."
    )
    order = (
        "À chaque étape, et pour chaque bouton, les lignes sont essayées dans l’ordre : la première qui convient "
        "s’applique. Un identifiant que personne n’a se comporte comme un autre, pour ne rien apprendre à un curieux."
    )
    parts = [
        "---",
        "lang: fr",
        "---",
        "",
        "<!-- Made by `python -m tools.parcours`; a test renders it anew. -->",
        "",
        "# Le parcours",
        "",
    ]
    parts += [lead, "", order, ""]
    for chart in CHARTS.values():
        parts += _chart(chart)
    return "\n".join([*parts, *_rules(), *_texts()]).rstrip() + "\n"


if __name__ == "__main__":
    (_DOCS / "parcours.md").write_text(page(), encoding="utf-8")
