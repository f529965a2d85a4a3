"""How the site is built: `make docs`. Nothing is fetched, neither while it is built nor by whoever reads it."""

import sys
from importlib.metadata import version as version_of
from typing import Any

from docutils.nodes import Element
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

project = "msa_recovery"
author = "The msa_recovery authors"
release = version = version_of("msa-recovery")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
# The charts are parts of other pages.
exclude_patterns = ["chart/*.md"]

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist"]
myst_heading_anchors = 4

# A name that leads nowhere is a warning: what a public signature or docstring names is public as well.
nitpicky = True
nitpick_ignore = {
    ("py:class", "msa_recovery.compose.Plugs"),  # each of its keys is a parameter in the docstring of compose
    ("py:class", "msa_recovery.domain.events.Lapse"),  # of Input: time sends it, no host
    ("py:class", "Ports"),  # what compose gives to a Recovery: no host makes one
    ("py:class", "msa_recovery.adapters.sql_audit.SqlTrail"),  # what `msa-recovery audit verify` reads
    ("py:class", "msa_recovery.testing.contracts.port._T"),  # a type variable
}
# What a Journey and a Ledger hold, which is not public.
nitpick_ignore_regex = {("py:class", r"msa_recovery\.domain\.(ledger|journey|account\.Profile).*")}

autodoc_member_order = "bysource"
# What a class says of itself stands in its docstring; its signature would say it again, with every default's repr.
autodoc_class_signature = "separated"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
napoleon_use_ivar = True

html_theme = "furo"
html_title = "msa_recovery"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_copyright = False
html_show_sourcelink = False

OF_OTHERS = sys.stdlib_module_names | {"hypothesis", "opentelemetry", "starlette", "Celery", "StrPath"}
"""Whose names may stand in a signature: the standard library's, and packages that a host brings."""


def found(_app: Sphinx, environment: BuildEnvironment, asked: pending_xref, shown: Element) -> Element | None:
    """Where a name of Python leads that is written as docstrings and annotations have it: to the one thing of this name
    that the reference describes. What belongs to others leads nowhere, for nothing is fetched."""
    if asked["refdomain"] != "py":
        return None
    package, _, name = asked["reftarget"].rpartition(".")
    if (package or name).partition(".")[0] in OF_OTHERS:
        return shown
    described = environment.domains.python_domain.objects.items()
    places = {(thing.docname, thing.node_id) for whole, thing in described if whole.endswith(f".{name}")}
    if len(places) != 1:
        return None
    page, place = places.pop()
    return make_refnode(environment.app.builder, asked["refdoc"], page, place, shown)


def as_it_stands(_app: Sphinx, what: str, _name: str, _thing: object, _options: object, lines: list[str]) -> None:
    """A colon in what is said of a value is a colon: napoleon takes what stands before it in the first line for a type.
    Behind an empty comment it takes nothing."""
    if what in {"attribute", "data", "property"}:
        lines[:0] = ["..", ""]


def in_its_language(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """For whoever has a page read aloud: what is its own is in the language that its head names as ``lang``.

    What the theme puts around it stays in the language of the site.
    """
    language = (context.get("meta") or {}).get("lang")
    if language:
        for part in ("body", "toc"):
            context[part] = f'<div lang="{language}">{context[part]}</div>'


def setup(app: Sphinx) -> None:
    """What Sphinx calls."""
    app.connect("html-page-context", in_its_language)
    app.connect("missing-reference", found)
    app.connect("autodoc-process-docstring", as_it_stands, priority=400)
