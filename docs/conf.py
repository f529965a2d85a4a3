"""How the site is built: `make docs`. Nothing is fetched, neither while it is built nor by whoever reads it."""

from importlib.metadata import version as version_of

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
