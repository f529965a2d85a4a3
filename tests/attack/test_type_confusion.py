"""Codes of another type (null, true, an empty list, an object; many second factors, 2017 to 2023): ``{"otp": null}``
equalled the code of whoever had none, ``true`` equalled everything, and ``{"$ne": ""}`` was a query.

Replayed: everything that JSON can carry, wherever the library takes a text, with and without a code that is live.
"""

from collections.abc import Callable
from typing import Any

import pytest

from msa_recovery.application.caller import Caller
from msa_recovery.domain import inputs
from msa_recovery.domain.errors import CallerError, NotText
from msa_recovery.domain.inputs import SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.secret import Secret
from tests.support.house import HERE, House

NO_TEXTS: list[Any] = [None, True, False, 0, 1234, 12.5, [], ["1234"], {}, {"$ne": ""}, b"1234", Secret("1234")]
FORMS: list[Callable[[Any], Any]] = [
    inputs.Identify,
    inputs.OrderLetter,
    inputs.ChooseChannel,
    inputs.SubmitCode,
    inputs.SignIn,
    inputs.ProvePassword,
    lambda given: inputs.AnswerChallenge("vitale_serial", given),
    lambda given: inputs.AnswerChallenge(given, "0123456789"),
    lambda given: inputs.ChoosePassword(given, "x"),
    lambda given: inputs.ChoosePassword("x", given),
    lambda given: inputs.EditContact("email", given),
    lambda given: inputs.EditContact(given, "x"),
]


@pytest.mark.parametrize("given", NO_TEXTS, ids=repr)
@pytest.mark.parametrize("form", FORMS, ids=range(len(FORMS)))
def test_what_is_no_text_is_refused_before_anything_looks_at_it(form: Callable[[Any], Any], given: Any) -> None:
    """R35: and the error does not repeat it."""
    with pytest.raises(NotText) as caught:
        form(given)
    assert "1234" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "null", "None", "true", "True", "[]", "{}", "NaN", "undefined", "0x4d2", "1e3", "%00"]
)
@pytest.mark.parametrize("live", [True, False])
def test_no_word_for_nothing_is_a_code(house: House, text: str, live: bool) -> None:
    """R35, R36, R2: neither of a live code, nor where there is none."""
    reply = house.at_code()
    for _ in range(0 if live else 3):
        reply = house.send(reply, SubmitCode(house.wrong_code))
    assert State.CONFIRMING_CODE is house.send(reply, SubmitCode(text)).view.state


@pytest.mark.parametrize("given", ["true", 1, None, [], "agent"], ids=repr)
def test_nobody_becomes_an_agent_by_a_value_that_is_only_true_enough(given: Any) -> None:
    """R58, R35."""
    with pytest.raises(CallerError):
        Caller(agent=given)


@pytest.mark.parametrize("event", ["submit_code", {"event": "confirm_contacts"}, None, SubmitCode], ids=range(4))
def test_an_event_is_one_of_a_closed_list(house: House, event: Any) -> None:
    """R1: a name is none, nor is a class."""
    reply = house.at_code()
    with pytest.raises(Exception):  # noqa: B017, PT011 - a mistake of the host, whatever it is called
        house.host.send(reply.handle, event, HERE)
    assert State.CONFIRMING_CODE is house.host.resume(reply.handle, HERE).view.state


def test_a_comparison_with_a_secret_is_with_a_secret() -> None:
    """R37: no text equals one, and none is equal to everything."""
    assert [False] * len(NO_TEXTS[:-1]) == [Secret("1234") == given for given in NO_TEXTS[:-1]]
