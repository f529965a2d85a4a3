"""The recovery that `make package` runs on the wheel is a whole one, and knows what must not be there meanwhile."""

import re
import tomllib
from pathlib import Path
from typing import Final

import msa_recovery as msa
from tests.packaging.core_only import is_installed, of_extras, recovered

PROJECT: Final = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_core_alone_recovers() -> None:
    assert recovered().view.state is msa.State.COMPLETED


def test_it_looks_for_what_every_extra_brings() -> None:
    named = {
        re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower()
        for extra in PROJECT["optional-dependencies"].values()
        for requirement in extra
    }
    assert named - {"msa-recovery"} == of_extras()
    assert {"celery", "psycopg", "opentelemetry-api", "alembic", "uvicorn", "pytest", "joserfc"} <= of_extras()


def test_it_sees_what_is_there() -> None:
    assert is_installed("SQLAlchemy")
    assert not is_installed("a distribution that nobody has")
