"""What a screen says: titles, problems, questions, names, days and hours."""

from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any

import pytest

from msa_recovery.application.caller import Language
from msa_recovery.domain.account import Channel
from msa_recovery.domain.challenge import ChallengeKind
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.events import EventName
from msa_recovery.domain.helpdesk import Helpdesk, Opening
from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.machine import CHARTS
from msa_recovery.domain.passwords import PasswordRule, Strength
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.view import View
from msa_recovery.texts import (
    TextFault,
    Texts,
    UnknownText,
    answers_now,
    channel_text,
    contact_kind_text,
    event_text,
    helpdesk_text,
    moment_text,
    problem_text,
    question_text,
    rule_text,
    state_lead,
    state_title,
    strength_text,
)

FR, EN = Language.FR, Language.EN
POLICY = Policy.msa()
NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
WEEKDAYS = frozenset(range(5))
MORNING = Opening(WEEKDAYS, time(8, 30), time(12, 15))
AFTERNOON = Opening(WEEKDAYS, time(13, 30), time(16, 30))


def helpdesk(*hours: Opening) -> Helpdesk:
    return Helpdesk("Assistance Internet", "03 20 90 05 00", "aide@exemple.fr", hours)


def spaced(text: str) -> str:
    """With plain spaces, as one reads it."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def said(problem: Problem, language: Language = FR, now: datetime = NOW) -> str:
    return spaced(problem_text(problem, language, now=now, policy=POLICY))


def retried(at: datetime, language: Language = FR, now: datetime = NOW) -> str:
    """What is said of the time, without the sentence before it."""
    return said(Problem(ProblemCode.SIGN_IN_MUST_WAIT, retry_at=at), language, now).rpartition(". ")[2]


# -- titles and leads --------------------------------------------------------------------------------------------------


def test_a_french_title_is_the_charts_own() -> None:
    chart = CHARTS[ChartName.RECOVERY]
    assert dict(chart.titles) == {state: state_title(chart.name, state, FR) for state in chart.titles}


def test_an_english_title_is_english() -> None:
    assert "Type the confirmation code" == state_title(ChartName.RECOVERY, State.CONFIRMING_CODE, EN)


def test_a_state_of_the_other_chart_has_no_title() -> None:
    with pytest.raises(UnknownText, match=r"state\.change\.identifying\.title"):
        state_title(ChartName.CHANGE, State.IDENTIFYING, FR)


@pytest.mark.parametrize(
    ("channel", "words"), [(Channel.SMS, "par SMS"), (Channel.EMAIL, "par e-mail"), (Channel.LETTER, "par courrier")]
)
def test_a_lead_says_how_the_password_went_out(channel: Channel, words: str) -> None:
    view = View(ChartName.RECOVERY, State.AWAITING_SIGN_IN, None, (), NOW, helpdesk(), channel=channel)
    assert words in state_lead(view, POLICY, FR)


@pytest.mark.parametrize(("policy", "digits"), [(Policy.msa(), "4 chiffres"), (Policy.strict(), "6 chiffres")])
def test_a_lead_names_the_digits_that_the_policy_sends(policy: Policy, digits: str) -> None:
    view = View(ChartName.RECOVERY, State.CONFIRMING_CODE, None, (), NOW, helpdesk(), channel=Channel.SMS)
    assert digits in state_lead(view, policy, FR)


@pytest.mark.parametrize("chart", ChartName)
def test_the_password_step_names_the_policys_minimum(chart: ChartName) -> None:
    """The source text's sentence."""
    view = View(chart, State.PERSONALISING_PASSWORD, None, (), NOW, helpdesk())
    assert "un minimum de 15 caractères" in state_lead(view, Policy.strict(), FR)


# -- problems ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_is_said_without_a_gap(code: ProblemCode, language: Language) -> None:
    problem = Problem(code, limit=3, retry_at=datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    assert "%" not in problem_text(problem, language, now=NOW, policy=POLICY)


@pytest.mark.parametrize(
    ("language", "left", "words"),
    [
        (FR, 1, "Ce code n’est pas le bon. Il vous reste 1 essai."),
        (FR, 2, "Ce code n’est pas le bon. Il vous reste 2 essais."),
        (FR, 0, "Ce code n’est pas le bon. Il vous reste 0 essai."),
        (EN, 1, "This is not the right code. You have 1 try left."),
        (EN, 2, "This is not the right code. You have 2 tries left."),
        (EN, 0, "This is not the right code. You have 0 tries left."),
    ],
)
def test_the_guesses_left_are_counted_as_the_language_counts(language: Language, left: int, words: str) -> None:
    assert words == said(Problem(ProblemCode.CODE_WRONG, "code", limit=left), language)


@pytest.mark.parametrize(("language", "number"), [(FR, "10 000 000"), (EN, "10,000,000")])
def test_a_large_limit_is_grouped_as_the_language_groups(language: Language, number: str) -> None:
    assert number in said(Problem(ProblemCode.AMOUNT_TOO_LARGE, limit=10_000_000), language)


def test_a_refused_password_says_every_reason() -> None:
    """R42."""
    reasons = (PasswordRule.TOO_SHORT, PasswordRule.NO_DIGIT)
    words = "Ce mot de passe ne convient pas. Il doit contenir au moins 8 caractères. Il doit contenir un chiffre."
    assert words == said(Problem(ProblemCode.PASSWORD_REFUSED, reasons=reasons))


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 23, 13, 30, tzinfo=UTC), "Ce sera possible aujourd’hui à partir de 14 h 30."),
        (datetime(2026, 11, 23, 15, 0, tzinfo=UTC), "Ce sera possible aujourd’hui à partir de 16 h."),
        (datetime(2026, 11, 23, 23, 5, tzinfo=UTC), "Ce sera possible demain à partir de 0 h 05."),
        (datetime(2026, 12, 1, 8, 0, tzinfo=UTC), "Ce sera possible le mardi 1er décembre 2026 à partir de 9 h."),
    ],
)
def test_the_time_of_the_next_try_is_said_in_words_and_in_paris(at: datetime, words: str) -> None:
    assert words == retried(at)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 23, 13, 30, tzinfo=UTC), "It will be possible today from 14:30."),
        (datetime(2026, 11, 24, 13, 0, tzinfo=UTC), "It will be possible tomorrow from 14:00."),
        (datetime(2026, 12, 1, 8, 0, tzinfo=UTC), "It will be possible on Tuesday 1 December 2026 from 9:00."),
    ],
)
def test_the_time_of_the_next_try_is_said_in_english(at: datetime, words: str) -> None:
    assert words == retried(at, EN)


def test_whoever_comes_back_at_the_time_that_was_said_does_not_come_early() -> None:
    assert "14 h 31" in retried(datetime(2026, 11, 23, 13, 30, 0, 1, tzinfo=UTC))


def test_summer_time_is_paris_summer_time() -> None:
    at = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert "3 h." in retried(at, now=datetime(2026, 3, 29, 0, 59, tzinfo=UTC))


def test_a_time_that_is_over_is_not_said() -> None:
    assert "Ce code n’est plus valable. Demandez un nouveau code." == said(
        Problem(ProblemCode.CODE_NOT_LIVE, "code", retry_at=NOW)
    )


# -- names and questions -----------------------------------------------------------------------------------------------


def test_the_buttons_are_those_of_the_source_text() -> None:
    events = (EventName.IDENTIFY, EventName.GO_BACK, EventName.ABANDON, EventName.SUBMIT_CODE, EventName.SIGN_IN)
    assert ["Suivant", "Précédent", "Abandonner", "Valider", "Se connecter"] == [event_text(e, FR) for e in events]


def test_the_strengths_are_those_of_the_source_text() -> None:
    assert ["faible", "moyen", "fort"] == [strength_text(strength, FR) for strength in Strength]


def test_the_channels_have_names() -> None:
    assert ["SMS", "E-mail", "Courrier"] == [channel_text(channel, FR) for channel in Channel]


def test_the_contact_details_have_names() -> None:
    assert ["E-mail address", "Mobile number", "Landline number", "Fax number"] == [
        contact_kind_text(kind, EN) for kind in ContactKind
    ]


@pytest.mark.parametrize(
    ("kind", "window"),
    [(ChallengeKind.BENEFIT_AMOUNT, "6 derniers"), (ChallengeKind.CONTRIBUTION_INVOICE, "12 derniers")],
)
def test_a_question_names_its_window(kind: ChallengeKind, window: str) -> None:
    """R25."""
    assert window in question_text(kind, FR)


def test_the_serial_number_is_asked_for_without_a_window() -> None:
    """R25."""
    assert "Quel est le numéro de série de votre carte Vitale ?" == spaced(
        question_text(ChallengeKind.VITALE_SERIAL, FR)
    )


@pytest.mark.parametrize(
    ("rule", "words"), [(PasswordRule.TOO_SHORT, "at least 15"), (PasswordRule.TOO_LONG, "at most 128")]
)
def test_a_rule_names_the_policys_number(rule: PasswordRule, words: str) -> None:
    assert words in rule_text(rule, Policy.strict(), EN)


def test_a_moment_is_said_in_words() -> None:
    moment = datetime(2026, 11, 23, 13, 30, 59, tzinfo=UTC)
    assert "lundi 23 novembre 2026 à 14 h 30" == spaced(moment_text(moment, FR))


# -- whom to call ------------------------------------------------------------------------------------------------------


def test_the_hours_are_said_with_the_midday_break() -> None:
    """R57, in the source text's words."""
    hours = "Horaires : du lundi au vendredi, de 8 h 30 à 12 h 15 et de 13 h 30 à 16 h 30"
    assert hours == spaced(helpdesk_text(helpdesk(AFTERNOON, MORNING), FR)).split("\n")[2]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({5}, "samedi, de 9 h à 12 h"),
        ({0, 1}, "lundi et mardi, de 9 h à 12 h"),
        ({0, 2, 4}, "lundi, mercredi et vendredi, de 9 h à 12 h"),
        ({1, 2, 3}, "du mardi au jeudi, de 9 h à 12 h"),
    ],
)
def test_days_in_a_row_are_spanned_and_others_named(days: set[int], words: str) -> None:
    opening = Opening(frozenset(days), time(9), time(12))
    assert f"Horaires : {words}" == spaced(helpdesk_text(helpdesk(opening), FR)).split("\n")[2]


def test_days_with_other_hours_are_said_apart() -> None:
    saturday = Opening(frozenset({5}), time(9), time(12))
    words = "Hours: Monday to Friday, from 8:30 to 12:15; Saturday, from 9:00 to 12:00"
    assert words == helpdesk_text(helpdesk(MORNING, saturday), EN).split("\n")[2]


def test_hours_that_nobody_knows_are_not_mentioned() -> None:
    words = ["Assistance Internet", "Téléphone : 03 20 90 05 00", "E-mail : aide@exemple.fr"]
    assert words == spaced(helpdesk_text(helpdesk(Opening(frozenset(), time(9), time(12))), FR)).split("\n")


# -- a host's own words ------------------------------------------------------------------------------------------------


def test_a_hosts_word_stands_in_place_of_ours() -> None:
    texts = Texts({FR: {"event.identify": "Continuer"}})
    assert "Continuer" == texts.event_text(EventName.IDENTIFY, FR)


def test_a_hosts_word_in_one_language_leaves_the_other_alone() -> None:
    texts = Texts({FR: {"event.identify": "Continuer"}})
    assert "Next" == texts.event_text(EventName.IDENTIFY, EN)


def test_a_hosts_text_is_filled_like_ours() -> None:
    texts = Texts({FR: {"rule.too_short": "%(min)s signes au moins, 100 %% à vous"}})
    assert "8 signes au moins, 100 % à vous" == texts.rule_text(PasswordRule.TOO_SHORT, POLICY, FR)


def test_one_text_of_a_hosts_serves_every_number() -> None:
    texts = Texts({FR: {"problem.code_wrong": "Encore %(limit)s fois"}})
    words = texts.problem_text(Problem(ProblemCode.CODE_WRONG, limit=2), FR, now=NOW, policy=POLICY)
    assert "Encore 2 fois" == words


def test_later_changes_of_a_hosts_words_change_nothing() -> None:
    own = {"event.identify": "Continuer"}
    texts = Texts({FR: own})
    own["event.identify"] = "%(oops"
    assert "Continuer" == texts.event_text(EventName.IDENTIFY, FR)


@pytest.mark.parametrize(
    ("overrides", "fault"),
    [
        ({FR: {"event.identifier": "x"}}, UnknownText),
        ({FR: {"event.identify": "%(limit)s"}}, TextFault),
        ({FR: {"event.identify": "100 %"}}, TextFault),
        ({FR: {"event.identify": "%d"}}, TextFault),
        ({FR: {"event.identify": 1}}, TypeError),
        ({"de": {"event.identify": "Weiter"}}, CallerError),
    ],
)
def test_a_hosts_words_that_cannot_be_used_are_refused_at_once(overrides: Any, fault: type[Exception]) -> None:
    with pytest.raises(fault) as raised:
        Texts(overrides)
    assert isinstance(raised.value, CallerError)


def test_an_unknown_text_is_named() -> None:
    with pytest.raises(UnknownText) as raised:
        Texts().text("no.such", FR, {})
    assert "no.such" == raised.value.id


def test_a_text_that_is_not_filled_is_named() -> None:
    with pytest.raises(TextFault, match=r"'help\.phone': no value for phone"):
        Texts().text("help.phone", FR, {})


GIRONDE = Helpdesk("MSA Gironde", "05 36 49 00 33", "gironde@exemple.fr", (MORNING, AFTERNOON))
SUD_AQUITAINE = Helpdesk(
    "MSA Sud Aquitaine", "05 58 06 55 00", "sud@exemple.fr", (Opening(WEEKDAYS, time(9), time(17)),)
)


@pytest.mark.parametrize(
    ("moment", "gironde", "sud_aquitaine"),
    [
        # Monday in winter: one hour before UTC's clocks.
        (datetime(2026, 11, 23, 7, 29, 59, 999_999, tzinfo=UTC), False, False),
        (datetime(2026, 11, 23, 7, 30, tzinfo=UTC), True, False),
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), True, True),
        (datetime(2026, 11, 23, 11, 14, 59, 999_999, tzinfo=UTC), True, True),
        (datetime(2026, 11, 23, 11, 15, tzinfo=UTC), False, True),
        (datetime(2026, 11, 23, 12, 29, 59, 999_999, tzinfo=UTC), False, True),
        (datetime(2026, 11, 23, 12, 30, tzinfo=UTC), True, True),
        (datetime(2026, 11, 23, 15, 30, tzinfo=UTC), False, True),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), False, False),
        # In summer: two hours.
        (datetime(2026, 7, 6, 6, 29, 59, 999_999, tzinfo=UTC), False, False),
        (datetime(2026, 7, 6, 6, 30, tzinfo=UTC), True, False),
        (datetime(2026, 7, 6, 7, 0, tzinfo=UTC), True, True),
        # The Friday before and the Monday after the clocks go forward, and back.
        (datetime(2026, 3, 27, 7, 30, tzinfo=UTC), True, False),
        (datetime(2026, 3, 30, 6, 30, tzinfo=UTC), True, False),
        (datetime(2026, 3, 30, 14, 30, tzinfo=UTC), False, True),
        (datetime(2026, 10, 23, 6, 30, tzinfo=UTC), True, False),
        (datetime(2026, 10, 26, 6, 30, tzinfo=UTC), False, False),
        (datetime(2026, 10, 26, 7, 30, tzinfo=UTC), True, False),
        # Elsewhere it is Monday already, or Friday still.
        (datetime(2026, 11, 23, 8, 30, tzinfo=timezone(timedelta(hours=14))), False, False),
        (datetime(2026, 11, 29, 12, 0, tzinfo=UTC), False, False),
    ],
)
def test_whether_somebody_answers_goes_by_the_clocks_of_metropolitan_france(
    moment: datetime, gironde: bool, sud_aquitaine: bool
) -> None:
    """R57: two funds with hours of their own, a midday break, and both changes of the clocks."""
    assert (gironde, sud_aquitaine) == (answers_now(GIRONDE, moment), answers_now(SUD_AQUITAINE, moment))


@pytest.mark.parametrize(
    ("moment", "answers"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), False),
        (datetime(2026, 10, 25, 0, 10, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 0, 45, tzinfo=UTC), False),
        (datetime(2026, 10, 25, 1, 10, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 1, 45, tzinfo=UTC), False),
    ],
    ids=["1:59", "3:00, a minute later", "2:10", "2:45", "2:10 again", "2:45 again"],
)
def test_in_the_night_when_the_clocks_change_hours_are_what_clocks_show(moment: datetime, answers: bool) -> None:
    """R57: from 1:00 to 2:30."""
    assert answers is answers_now(helpdesk(Opening(frozenset({6}), time(1), time(2, 30))), moment)


@pytest.mark.parametrize(
    ("language", "hour", "words"),
    [
        (FR, 9, "Quelqu’un répond en ce moment."),
        (FR, 12, "Personne ne répond en ce moment."),
        (EN, 9, "Somebody answers at the moment."),
    ],
)
def test_whether_somebody_answers_is_said_where_it_is_read_at_once(language: Language, hour: int, words: str) -> None:
    """R57."""
    now = datetime(2026, 11, 23, hour, 0, tzinfo=UTC)
    assert words == helpdesk_text(GIRONDE, language, now).split("\n")[3]


def test_where_no_hours_are_known_nothing_is_said_of_now() -> None:
    assert helpdesk_text(helpdesk(), FR) == helpdesk_text(helpdesk(), FR, NOW)
