"""A plugin of pytest: the tests of this run see a domain with the bug whose number the environment gives."""

import os
from typing import Final

from .bugs import BUGS, ROWS
from .planting import planted

__all__: list[str] = []

# Kept: the bug is taken out again with the last name of this.
_PLANTED: Final = planted((*BUGS, *ROWS)[int(os.environ["PLANTED_BUG"])])
_PLANTED.__enter__()
