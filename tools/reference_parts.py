"""What the generated pages of the reference are written with: cells, tables, and what a docstring says."""

import re
from collections.abc import Iterable, Iterator, Mapping
from inspect import cleandoc

__all__ = ["attributes_of", "cell", "code", "page_of", "summary", "table", "value_text"]


def cell(text: str) -> str:
    """A docstring or a text as one cell of a Markdown table: a role or literal of reStructuredText becomes code."""
    text = re.sub(r":\w+:`~?([^`]+)`|``([^`]+)``", lambda found: f"`{found[1] or found[2]}`", " ".join(text.split()))
    return "".join(
        part if part.startswith("`") else part.replace("<", "&lt;").replace("*", r"\*").replace("|", r"\|")
        for part in re.split(r"(`[^`]+`)", text)
    )


def page_of(title: str, lead: str, *parts: Iterable[str]) -> str:
    made = "<!-- Made by `python -m tools.reference`; a test renders it anew. -->"
    return "\n".join([made, "", f"# {title}", "", lead, "", *(line for part in parts for line in part)]).rstrip() + "\n"


def table(heads: tuple[str, ...], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def summary(thing: object) -> str:
    """The first paragraph of a docstring."""
    return cell(cleandoc(thing.__doc__ or "").partition("\n\n")[0])


def code(names: Iterable[object]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def attributes_of(documented: type) -> Mapping[str, str]:
    """What the docstring of a class says of each of its attributes."""
    section = cleandoc(documented.__doc__ or "").partition("\nAttributes:\n")[2]
    found = re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", section, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}


def value_text(value: object) -> str:
    """A setting's value as a person reads it, with its unit."""
    from datetime import timedelta

    if not isinstance(value, timedelta):
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    for unit, length in (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("min", timedelta(minutes=1))):
        if value >= length and not value % length:
            return f"{value // length} {unit}"
    return f"{value.total_seconds():g} s"
