"""Tables of a page that a test renders anew."""

from collections.abc import Iterable, Mapping

__all__ = ["filled", "row"]


def filled(page: str, tables: Mapping[str, Iterable[str]]) -> str:
    """The page with each table, by the comment that stands before it, as it has to be now."""
    for name, lines in tables.items():
        before, opening, rest = page.partition(f"<!-- {name} -->\n")
        _, closing, after = rest.partition("<!-- end -->\n")
        page = "".join((before, opening, "\n", *(f"{line}\n" for line in lines), "\n", closing, after))
    return page


def row(*cells: object) -> str:
    """One line of a table."""
    return f"| {' | '.join(map(str, cells))} |"
