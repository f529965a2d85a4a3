"""A person before the pages of a host: fills in forms, and reads what was sent."""

import re
from pathlib import Path
from typing import Final, final

import httpx

from tests.examples.host import wait_for
from tests.web.page import Form, Page, read

__all__ = ["CAMILLE", "CAMILLES", "NADEGE", "NADEGES", "NEW", "Person", "Phone"]

CAMILLE, CAMILLES = "2 84 03 33 900 001 47", "Cep#Vendanges19"
NADEGE, NADEGES = "2 69 08 64 905 007", "Espelette%Rouge69"
NEW = "Tournesol-bleu-47!"


@final
class Person:
    """A browser without scripts, that keeps cookies and follows redirects."""

    def __init__(self, address: str, base: str = "/") -> None:
        self._client = httpx.Client(
            base_url=address,
            headers={"accept-language": "fr"},
            timeout=60,
            follow_redirects=True,
            limits=httpx.Limits(max_keepalive_connections=0),  # so that a person may leave without a word
        )
        self._where = base
        self.page = Page("")
        self.open(base)

    def open(self, path: str) -> Page:
        """Go to a page."""
        return self._arrived(self._client.get(path))

    def send(self, form: str, **fields: str) -> Page:
        """Fill in the form of this id, or the one that sends this event."""
        filled = self.page.forms.get(form) or self.page.form_of(form)
        assert isinstance(filled, Form), f"no form {form!r} on: {self.page.words}"
        return self._arrived(self._client.post(filled.action or self._where, data={**filled.fields, **fields}))

    @property
    def heading(self) -> str:
        """The title of the page."""
        return " ".join(self.page.headings)

    def _arrived(self, answer: httpx.Response) -> Page:
        assert answer.status_code < 500, answer.text
        self._where = answer.url.path
        self.page = read(answer.text)
        return self.page


@final
class Phone:
    """What a host printed is what a person receives.

    Args:
        printed: the file that holds it.
    """

    def __init__(self, printed: Path) -> None:
        self._printed = printed
        self._seen = {_CODE: 0, _PASSWORD: 0}

    def code(self) -> str:
        """The next code."""
        return self._next(_CODE)

    def password(self) -> str:
        """The next temporary password."""
        return self._next(_PASSWORD)

    def _next(self, form: re.Pattern[str]) -> str:
        def found() -> list[str]:
            return form.findall(self._printed.read_text(encoding="utf-8"))

        seen = self._seen[form]
        wait_for(lambda: len(found()) > seen, self._printed)
        self._seen[form] = seen + 1
        return str(found()[seen])


_CODE: Final = re.compile(r"(?:your code is|votre code est|votre code de confirmation :) (\d{4})\b", re.IGNORECASE)
_PASSWORD: Final = re.compile(r"^ *([^\s<>]{12})$", re.MULTILINE)
"""A line of its own, in an SMS and in an e-mail alike."""
