"""The plain script, run by the commands of its README and typed to."""

from collections.abc import Iterator

import pytest

from tests.examples.host import Host
from tests.examples.person import CAMILLE, CAMILLES, NADEGE, NADEGES, NEW

RUN = ".venv/bin/python sign_in.py"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with Host("plain_script", tmp_path_factory.mktemp("script")) as host:
        host.prepare(until="sign_in.py")
        yield host


def test_a_host_imports_the_library_that_was_installed_for_it(host: Host) -> None:
    found, below = host.library()
    assert below in found.parents


def test_a_wrong_password_opens_nothing_and_the_right_one_does(host: Host) -> None:
    said = host.run(RUN, typed=f"{CAMILLE}\nCep#Vendanges18\n{CAMILLE}\n{CAMILLES}\n")
    assert 1 == said.count("individual-both")
    assert 2 == said.count("Mot de passe :"), said


def test_a_usual_sign_in_meets_a_pending_journey(host: Host) -> None:
    said = host.run(RUN, typed=f"{NADEGE}\n{NADEGES}\n5\n")
    assert said.index("Confirmation de vos coordonnées") < said.index("individual-contacts-to-confirm")


def test_a_lost_password_is_found_again_and_a_temporary_one_works_at_the_door(host: Host) -> None:
    talk = host.talk(RUN)
    talk.types("", "1", CAMILLE, "1", "sms")
    talk.types("1", talk.reads(r"votre code est (\d{4})"))
    password = talk.reads(r"^ *([^\s<>]{12})$")
    talk.types("2", CAMILLE, password)
    talk.types("1", NEW, NEW, "5")
    talk.ends()
    assert "individual-both" in talk.reads(r"^(.*individual.*)$")
