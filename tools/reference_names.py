"""What the pages of ``docs/reference`` say of public names: which there are, and that autodoc describes each."""

from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from inspect import isclass, isroutine
from types import MappingProxyType
from typing import Final

from tools.surface import SECTIONS, members_of, public_names

__all__ = ["LEADS", "described"]

LEADS: Final = MappingProxyType(
    {
        "values.md": (
            "Values",
            "What passes through the [ports](ports.md): what a host makes, takes and answers with.",
        ),
        "adapters.md": (
            "Adapters",
            "What is shipped for each [port](ports.md). One that needs an extra says so when it is imported or made.",
        ),
        "glue.md": ("Pages, forms and words", "What a host has beside the [API](api.md), built on its names alone."),
        "testing.md": (
            "Testing",
            "`msa_recovery.testing` (extra `testing`): [how to test what you plug in](../testing-your-host.md).",
        ),
    }
)
"""The title of each page that is made, and what stands under it."""


def described(page: str) -> Iterator[str]:
    """The lines of one page, under its lead."""
    for section in (each for each in SECTIONS if each.page == page):
        yield from (f"## {section.title}", "", *((section.lead, "") if section.lead else ()))
        for module, names in public_names(section).items():
            yield from (f"### `{module}`", "", "```{eval-rst}")
            for name in names:
                yield from _directive(module, name)
            yield from ("```", "")


def _directive(module: str, name: str) -> tuple[str, ...]:
    """How the reference has autodoc describe one public thing."""
    value = getattr(import_module(module), name)
    whole = f"{module}.{name}"
    if isclass(value) and issubclass(value, BaseException):
        return (f".. autoexception:: {whole}",)
    if isclass(value):
        if issubclass(value, Enum):
            return (f".. autoclass:: {whole}", "   :members:", "   :undoc-members:")
        listed = members_of(value)
        return (f".. autoclass:: {whole}", *((f"   :members: {', '.join(listed)}",) if listed else ()))
    if isroutine(value):
        return (f".. autofunction:: {whole}",)
    return (f".. autodata:: {whole}", "   :no-value:")
