"""How hard Hypothesis searches, chosen by ``HYPOTHESIS_PROFILE``: ``ci``, ``default``, ``deep`` or ``mutants``.

``ci`` draws the same examples in every run, so that a red build is red again on the next machine. It is what runs where
``CI`` is set and nothing else was chosen.
"""

import os

from hypothesis import settings

# Times differ from machine to machine and under xdist; what must be fast is measured by the benchmarks. All is said in
# each profile, because Hypothesis itself starts from other values where CI is set.
settings.register_profile("default", deadline=None, derandomize=False)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("mutants", deadline=None, derandomize=True, database=None, max_examples=20)
settings.register_profile("deep", deadline=None, derandomize=False, print_blob=True, max_examples=10_000)

settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))
