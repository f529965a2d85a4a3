"""A page as a person has it: its words, its forms, and where its links lead. Read by html.parser."""

from html.parser import HTMLParser
from typing import final

from attrs import define, field, frozen

__all__ = ["Form", "Page", "read"]


@final
@frozen
class Form:
    """One form: where it goes, and every field with what stands in it."""

    id: str
    action: str
    method: str
    fields: dict[str, str]


@final
@define
class Page:
    """What was read of a page.

    Attributes:
        text: the page itself.
        words: what is read on it, in one line.
        headings: the words of each ``h1``.
        forms: by id.
        attributes: of every element: its name, then its attributes.
    """

    text: str
    words: str = ""
    headings: list[str] = field(factory=list[str])
    forms: dict[str, Form] = field(factory=dict[str, Form])
    attributes: list[tuple[str, dict[str, str]]] = field(factory=list[tuple[str, dict[str, str]]])

    def value(self, name: str) -> str | None:
        """The first attribute of this name, on whichever element."""
        return next((found[name] for _, found in self.attributes if name in found), None)

    def values(self, name: str) -> list[str]:
        """Every attribute of this name."""
        return [found[name] for _, found in self.attributes if name in found]

    def form_of(self, event: str) -> Form | None:
        """The form that sends this event."""
        return next((form for form in self.forms.values() if form.fields.get("event") == event), None)


@final
class _Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.page = Page(text)
        self._form: Form | None = None
        self._unseen = 0
        self._in_heading = False
        self._words: list[str] = []
        self.feed(text)
        self.close()
        self.page.words = " ".join("".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.page.attributes.append((tag, found))
        if tag in {"script", "style", "title"}:
            self._unseen += 1
        if tag == "h1":
            self._in_heading = True
            self.page.headings.append("")
        if tag in {"p", "li", "h1", "h2", "div", "label", "dt", "dd", "summary"}:
            self._words.append(" ")
        if tag == "form":
            self._form = Form(found.get("id", ""), found.get("action", ""), found.get("method", "get"), {})
            self.page.forms[self._form.id] = self._form
        if tag == "input" and self._form is not None and "name" in found:
            if found.get("type") == "radio" and "checked" not in found:
                return
            self._form.fields[found["name"]] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "title"}:
            self._unseen -= 1
        if tag == "h1":
            self._in_heading = False
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        self._words.append(data)
        if self._in_heading:
            self.page.headings[-1] = " ".join((self.page.headings[-1] + data).split())


def read(text: str) -> Page:
    """Read a page."""
    return _Reader(text).page
