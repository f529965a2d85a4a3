"""Whatever is thrown at an entry point, it answers, or raises what it says it may (R35).

The long form is ``make fuzz``.
"""

import pytest

from .entries import ENTRIES, Entry
from .fuzzing import fuzz


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_point_stands_whatever_is_thrown_at_it(entry: Entry) -> None:
    fuzz(entry, examples=60, seed=1)
