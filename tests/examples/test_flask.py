"""The Flask example, run by the commands of its README and used by its forms."""

from collections.abc import Iterator

import httpx
import pytest

from tests.examples.host import Host
from tests.examples.person import Phone
from tests.examples.walks import Walks

WORK = ".venv/bin/flask --app app work"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with Host("flask_host", tmp_path_factory.mktemp("flask")) as host:
        host.prepare(until="app run")
        yield host


@pytest.fixture(scope="module")
def walks(host: Host) -> Walks:
    phone = Phone(host.start(WORK))
    address, _ = host.serve("INSECURE_COOKIES=yes .venv/bin/flask --app app run", "--port", "{port}")
    return Walks(address, phone)


def test_a_usual_sign_in_opens_the_private_space(walks: Walks) -> None:
    walks.usual()


def test_a_usual_sign_in_meets_a_pending_journey(walks: Walks) -> None:
    walks.pending()


def test_a_lost_password_is_found_again_and_a_temporary_one_works_at_the_door(walks: Walks) -> None:
    walks.recovery()


def test_a_form_of_another_site_is_refused(walks: Walks) -> None:
    assert 403 == httpx.post(f"{walks.address}/sign-in", data={"identifier": "1"}).status_code


def test_its_worker_ends_well_when_it_is_told_to(host: Host, walks: Walks) -> None:
    assert 0 == host.stopped(WORK)
