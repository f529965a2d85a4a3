"""The Celery example, run by the commands of its README: what a person is promised, a worker sends."""

from collections.abc import Iterator

import pytest

from tests.examples.host import Host
from tests.examples.person import CAMILLE, CAMILLES, NADEGE, NADEGES, NEW, Phone

DOOR = ".venv/bin/python sign_in.py"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with Host("celery_worker", tmp_path_factory.mktemp("celery")) as host:
        host.prepare(until="celery --app")
        yield host


def test_a_usual_sign_in_opens_the_private_space(host: Host) -> None:
    assert "the private space of individual-both" in host.run(DOOR, typed=f"{CAMILLE}\n{CAMILLES}\n")


def test_a_usual_sign_in_meets_a_pending_journey(host: Host) -> None:
    said = host.run(DOOR, typed=f"{NADEGE}\n{NADEGES}\n")
    assert "contact details confirmed; the private space of individual-contacts-to-confirm" in said


def test_a_worker_sends_what_a_lost_password_needs(host: Host) -> None:
    phone = Phone(host.start(".venv/bin/celery --app worker worker --beat --loglevel WARNING"))
    talk = host.talk(DOOR)
    talk.types(CAMILLE, "")
    talk.types(phone.code())
    talk.types(phone.password(), NEW)
    talk.ends()
    assert "individual-both" == talk.reads(r"confirmed; the private space of (\S+)$")
