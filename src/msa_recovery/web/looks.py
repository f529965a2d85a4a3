"""The templates, and what each of them may say: words of one language, and paths of our own."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from importlib import resources
from types import MappingProxyType
from typing import Final, final

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from msa_recovery import Language
from msa_recovery.texts import Texts

from .settings import Settings
from .visit import Said, Visit
from .words import Words, label

__all__ = ["STATIC", "Looks"]

STATIC: Final[Mapping[str, str]] = MappingProxyType(
    {"app.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml"}
)
"""Every file that a page loads, and its type."""


def _read(name: str) -> bytes:
    return resources.files("msa_recovery.web").joinpath("static", name).read_bytes()


@final
class Looks:
    """Draws pages.

    Args:
        settings: the words, and the host's own templates.
    """

    def __init__(self, settings: Settings) -> None:
        shipped = PackageLoader("msa_recovery.web", "templates")
        own = [] if settings.templates is None else [FileSystemLoader(settings.templates)]
        # The shipped ones stay within reach, for a host's own to build on.
        loader = ChoiceLoader([*own, shipped, PrefixLoader({"shipped": shipped})])
        self._templates = {language: _compiled(loader, settings.texts, language) for language in Language}
        self._settings = settings
        self.static: Mapping[str, bytes] = {name: _read(name) for name in STATIC}
        self._versions = {name: hashlib.sha256(data).hexdigest()[:12] for name, data in self.static.items()}

    def page(
        self, visit: Visit, name: str, now: datetime | None, /, *, status: int = 200, **values: object
    ) -> Response:
        """One page.

        Args:
            visit: whose.
            name: of the template, without its ``.html``.
            now: the moment that times are told from; ``None`` where nobody could be asked what time it is.
            status: the HTTP status.
            values: what this template shows besides.
        """
        words = Words(self._settings.texts, visit.language, visit.recovery.policy, now)
        shown: dict[str, object] = {
            "words": words,
            "lang": visit.language.value,
            "base": visit.base,
            "token": visit.form_token,
            "new_id": _new_id,
            "versions": self._versions,
            "settings": self._settings,
            "helpdesk": visit.recovery.helpdesk,
            "said": Said(),
            "here": name,
        }
        text = self._templates[visit.language].get_template(f"{name}.html").render(shown | values)
        return HTMLResponse(text, status_code=status)


def _compiled(loader: BaseLoader, texts: Texts, language: Language) -> Environment:
    """Templates of one language: what is always the same text stands in them once they are compiled."""
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["t"] = partial(label, texts, language)
    return environment


def _new_id() -> str:
    """The request id of one form: sent twice, it acts once (R39)."""
    return secrets.token_urlsafe(16)
