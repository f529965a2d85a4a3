"""Make ``docs/parcours.md``: the journey in French, for the people who own it.

``python -m tools.parcours`` writes it, and its drawings; tests make them anew. Titles, texts and numbers are the
product's own; what the code has no French for stands in ``docs/parcours.toml``, a sentence for each event, guard,
effect and setting.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from attrs import fields

from msa_recovery import Language, Policy
from msa_recovery.domain.compiler import Chart
from msa_recovery.domain.journey import FINAL, State
from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration.lines import Line, in_progress, lines, outcomes
from msa_recovery.texts.catalogue import catalogue
from tools.parcours_drawing import TITLES, drawn, sentences
from tools.reference_parts import cell, value_text

__all__ = ["page"]

_DOCS: Final = Path(__file__).parents[1] / "docs"

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


def _value(value: object) -> str:
    said = value_text(value)
    return _UNITS.get(said, said.replace(" d", " j"))


def _given(line: Line, *, alone: bool) -> str:
    said = sentences()
    guards = [
        said["contraires"][name.removeprefix("not ")] if name.startswith("not ") else said["conditions"][name]
        for name in line.guards
    ]
    return f"si {'<br>et si '.join(guards)}" if guards else "toujours" if alone else "sinon"


def _step(chart: Chart, state: State | None, every: tuple[Line, ...]) -> Iterator[str]:
    title = "À chaque étape" if state is None else chart.titles[state]
    yield from (f"### {title}", "")
    if state is not None:
        texts = catalogue(Language.FR).entries
        for name, entry in texts.items():
            if name.startswith(f"state.{chart.name}.{state}.lead"):
                yield from (f"> {entry.forms[0]}", "")
    own = [line for line in every if line.source is state]
    said = sentences()
    yield from ("| la personne | à quelles conditions | ce qui se passe | étape suivante |", "|---|---|---|---|")
    before = None
    for line in own:
        alone = len([other for other in own if other.event is line.event]) == 1
        does = f"**{said['gestes'][line.event]}**" if line.event is not before else ""
        effects = "<br>".join(f"– {said['effets'][name]}" for name in line.effects)
        target = f"**{chart.titles[line.target]}**" if line.target else "*la même*"
        yield f"| {does} | {_given(line, alone=alone)} | {effects} | {target} |"
        before = line.event
    yield ""


def _chart(chart: Chart) -> Iterator[str]:
    yield from (f"## {TITLES[chart.name]}", "")
    yield from (":::{container} drawing", f"![{TITLES[chart.name]}](chart/{chart.name}.fr.svg)", ":::", "")
    every = lines(chart)
    for state in (*in_progress(chart), None):
        yield from _step(chart, state, every)
    yield from ("### Comment cela se termine", "")
    yield from (f"- {chart.titles[state]}" for state in outcomes(chart) if state in FINAL)
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
        "tous les textes ; voici [les pages en images](pages-in-pictures.md). Cette page est tirée du programme "
        "lui-même : elle dit ce qu’il fait, et rien d’autre."
    )
    order = (
        "Le dessin montre où mène chaque geste ; les tableaux disent à quelles conditions. Les lignes d’un geste sont "
        "essayées dans l’ordre : la première qui convient s’applique. Un identifiant que personne n’a se comporte "
        "comme un autre, pour ne rien apprendre à un curieux."
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
    for each in CHARTS.values():
        (_DOCS / "chart" / f"{each.name}.fr.svg").write_text(drawn(each), encoding="utf-8")
