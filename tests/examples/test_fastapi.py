"""The FastAPI example, run by the commands of its README and used by its forms and by its API."""

from collections.abc import Iterator

import httpx
import pytest

from tests.examples.host import Host
from tests.examples.person import NADEGE, NADEGES, Phone
from tests.examples.walks import Walks


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walks]:
    run = "INSECURE_COOKIES=yes .venv/bin/uvicorn --factory app:create_app --no-proxy-headers"
    with Host("fastapi_host", tmp_path_factory.mktemp("fastapi")) as host:
        host.prepare(until="uvicorn")
        address, printed = host.serve(run, "--port", "{port}")
        yield Walks(address, Phone(printed), begin="begin", inside="Bonjour")


def test_its_own_api_meets_a_pending_journey_and_then_opens_a_session(walks: Walks) -> None:
    with httpx.Client(base_url=walks.address) as client:
        typed = {"identifier": NADEGE, "password": NADEGES}
        assert 401 == client.post("/api/session", json={**typed, "password": "Espelette%Rouge96"}).status_code
        assert 401 == client.get("/api/me").status_code
        answer = client.post("/api/session", json=typed)
        assert (202, "confirming_contacts") == (answer.status_code, answer.json()["state"])
        bearer = {"authorization": f"Bearer {answer.json()['handle']}"}
        client.post("/mot-de-passe/api/journey/events", json={"event": "confirm_contacts"}, headers=bearer)
        entered = client.post("/mot-de-passe/api/journey/enter", json={}, headers=bearer)
        assert {"location": "/espace-prive"} == entered.json()
        assert {"account": "individual-contacts-to-confirm"} == client.get("/api/me").json()
        assert 200 == client.post("/api/session", json=typed).status_code


def test_a_usual_sign_in_opens_the_private_space(walks: Walks) -> None:
    walks.usual()


def test_a_lost_password_is_found_again_and_a_temporary_one_works_at_the_door(walks: Walks) -> None:
    walks.recovery()
