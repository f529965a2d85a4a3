"""Whom anybody may call: what the source text publishes (R57)."""

from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET


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
