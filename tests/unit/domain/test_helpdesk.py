"""Whom anybody may call: what the source text publishes (R57)."""

from datetime import datetime

import pytest

from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET, Helpdesk


def test_the_general_helpdesk_is_the_one_that_is_published() -> None:
    expected = ("Assistance Internet", "03 20 90 05 00", "assistanceinternet.blf@sudaquitaine.msa.fr")
    assert expected == (ASSISTANCE_INTERNET.name, ASSISTANCE_INTERNET.phone, ASSISTANCE_INTERNET.email)


def test_the_published_hours_have_a_midday_break() -> None:
    hours = [
        f"{one.opens:%H:%M}-{one.closes:%H:%M}"
        for one in ASSISTANCE_INTERNET.hours
        if one.weekdays == frozenset(range(5))
    ]
    assert ["08:30-12:15", "13:30-16:30"] == hours


@pytest.mark.parametrize(
    ("local", "answers"),
    [
        ("2026-03-02T08:29:59.999999", False),
        ("2026-03-02T08:30", True),
        ("2026-03-02T12:14:59.999999", True),
        ("2026-03-02T12:15", False),
        ("2026-03-02T13:29", False),
        ("2026-03-02T13:30", True),
        ("2026-03-02T16:29", True),
        ("2026-03-02T16:30", False),
        ("2026-03-06T16:29", True),
        ("2026-03-07T10:00", False),
        ("2026-03-08T10:00", False),
    ],
)
def test_somebody_answers_from_the_first_minute_until_the_last_of_each_opening(local: str, answers: bool) -> None:
    """R57: from Monday, 2 March, to Sunday."""
    assert answers is ASSISTANCE_INTERNET.answers_at(datetime.fromisoformat(local))


def test_nobody_is_promised_to_answer_where_no_hours_are_known() -> None:
    helpdesk = Helpdesk("MSA d'Alsace", "03 89 20 78 68", "contact@example.fr")
    assert not helpdesk.answers_at(datetime.fromisoformat("2026-03-02T10:00"))
