"""How the site is built: `make docs`. Nothing is fetched, neither while it is built nor by whoever reads it."""

from importlib.metadata import version as version_of
from typing import Any

from sphinx.application import Sphinx

project = "msa_recovery"
author = "The msa_recovery authors"
release = version = version_of("msa-recovery")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
# The charts are parts of other pages.
exclude_patterns = ["chart/*.md"]

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist"]
myst_heading_anchors = 4

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
