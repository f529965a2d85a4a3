"""The Django example, run by the commands of its README and used by its forms, with ATOMIC_REQUESTS on."""

import re
from collections.abc import Iterator

import pytest

from tests.examples.host import Host
from tests.examples.person import Person, Phone
from tests.examples.walks import Walks

WORK = ".venv/bin/python manage.py work"
RUN = "INSECURE_COOKIES=yes .venv/bin/python manage.py runserver --insecure"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with Host("django_host", tmp_path_factory.mktemp("django")) as host:
        host.prepare(until="runserver")
        yield host


@pytest.fixture(scope="module")
def walks(host: Host) -> Walks:
    phone = Phone(host.start(WORK))
    address, _ = host.serve(RUN, "--noreload", "127.0.0.1:{port}")
    return Walks(address, phone)


def test_a_usual_sign_in_opens_the_private_space(walks: Walks) -> None:
    walks.usual()


def test_a_usual_sign_in_meets_a_pending_journey(walks: Walks) -> None:
    walks.pending()


def test_a_lost_password_is_found_again_and_a_temporary_one_works_at_the_door(walks: Walks) -> None:
    walks.recovery()


def test_an_agent_posts_a_letter_and_sees_no_password(walks: Walks) -> None:
    """R58: an agent orders a letter from the admin."""
    agent = Person(walks.address, "/admin/login/")
    agent.send("login-form", username="agent", password="Agent-de-la-caisse-7")
    agent.open("/admin/members/member/?q=1380133903004")
    keys = [found["value"] for _, found in agent.page.attributes if found.get("name") == "_selected_action"]
    agent.send("changelist-form", action="help_one", _selected_action=keys[0])
    agent.send("letter")
    assert "C'est fait" in agent.page.words
    password = walks.phone.password()
    assert password not in agent.page.text
    person = walks.signs_in("1 38 01 33 903 004", password)
    assert "personnaliser" in person.page.words
    agent.send("unblock")
    assert "C'est fait" in agent.page.words


def test_a_stranger_does_not_get_to_that_page(walks: Walks) -> None:
    stranger = Person(walks.address, "/admin/members/member/1/help/")
    assert "letter" not in stranger.page.forms


def test_its_worker_ends_well_when_it_is_told_to(host: Host, walks: Walks) -> None:
    assert 0 == host.stopped(WORK)


def test_its_own_tests_pass(host: Host) -> None:
    host.run(".venv/bin/pip install 'msa-recovery[testing]'")
    said = host.run(".venv/bin/python -m pytest")
    assert re.search(r"\d\d passed", said), said
