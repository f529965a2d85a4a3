"""The host with a store of its own, run by the commands of its README."""

import re

import pytest

from tests.examples.host import Host


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    host = Host("own_storage", tmp_path_factory.mktemp("own"))
    host.prepare(until="sign_in.py")
    return host


def test_a_journey_survives_a_restart(host: Host) -> None:
    said = host.run(".venv/bin/python sign_in.py")
    states = re.findall(r"^(.*?): +(\S+)$", said, re.MULTILINE)
    assert [
        ("a usual sign-in", "individual-both"),
        ("one with a journey", "confirming_contacts"),
        ("before the restart", "confirming_code"),
        ("a temporary password", "personalising_password"),
        ("after it", "completed"),
        ("the new one", "individual-both"),
    ] == states


def test_the_store_keeps_its_contract(host: Host) -> None:
    """R40: the contract suite ships."""
    said = host.run(".venv/bin/python -m pytest")
    assert re.search(r"\b[23]\d\d passed", said), said
