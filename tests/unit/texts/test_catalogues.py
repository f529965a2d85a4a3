"""The two catalogues: complete, alike, and fit to be filled."""

import re
from collections import Counter
from importlib import resources

import pytest

from msa_recovery.application.caller import Language
from msa_recovery.application.messages import MessageKind
from msa_recovery.domain.account import Channel
from msa_recovery.domain.challenge import ChallengeKind
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.events import EventName
from msa_recovery.domain.machine import CHARTS
from msa_recovery.domain.passwords import PasswordRule, Strength
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.texts.catalogue import Entry, catalogue

FR, EN = catalogue(Language.FR).entries, catalogue(Language.EN).entries

SENT = {
    MessageKind.CODE: {Channel.SMS, Channel.EMAIL},
    MessageKind.TEMPORARY_PASSWORD: {Channel.SMS, Channel.EMAIL, Channel.LETTER},
    MessageKind.PASSWORD_CHANGED: {Channel.SMS, Channel.EMAIL, Channel.LETTER},
    MessageKind.CONTACTS_CHANGED: {Channel.SMS, Channel.EMAIL, Channel.LETTER},
    MessageKind.LETTER_UNDER_WAY: {Channel.SMS, Channel.EMAIL},
    MessageKind.RECOVERY_BLOCKED: {Channel.SMS, Channel.EMAIL, Channel.LETTER},
}
BY_CHANNEL = {"state.recovery.confirming_code": ("sms", "email"), "state.recovery.awaiting_sign_in": tuple(Channel)}


def leads() -> set[str]:
    found = set[str]()
    for chart in CHARTS.values():
        for state in chart.titles:
            name = f"state.{chart.name}.{state}"
            found |= {f"{name}.lead.{channel}" for channel in BY_CHANNEL.get(name, ())} or {f"{name}.lead"}
    return found


def ids_in_use() -> set[str]:
    """Every id that something with a closed list of values asks for."""
    return {
        *(f"problem.{code}" for code in ProblemCode),
        *(f"rule.{rule}" for rule in PasswordRule),
        *(f"question.{kind}" for kind in ChallengeKind),
        *(f"channel.{channel}" for channel in Channel),
        *(f"contact.{kind}" for kind in ContactKind),
        *(f"strength.{strength}" for strength in Strength),
        *(f"event.{event}" for event in EventName),
        *(f"state.{chart.name}.{state}.title" for chart in CHARTS.values() for state in chart.titles),
        *leads(),
        *(f"message.{kind}.{channel}" for kind, channels in SENT.items() for channel in channels),
        *(f"message.{kind}.{c}.subject" for kind, channels in SENT.items() for c in channels if c is not Channel.SMS),
        "message.code.sms.with_host",
        "message.frame.email",
        "message.frame.letter",
        "problem.retry",
    }


def test_the_table_of_messages_knows_every_kind() -> None:
    assert set(MessageKind) == set(SENT)


@pytest.mark.parametrize("language", Language)
def test_everything_that_can_be_said_has_words(language: Language) -> None:
    assert set() == ids_in_use() - set(catalogue(language).entries)


@pytest.mark.parametrize("language", Language)
def test_no_text_is_left_that_nothing_says(language: Language) -> None:
    families = ("format.", "when.", "hours.", "list.", "help.", "page.")
    assert ids_in_use() == {name for name in catalogue(language).entries if not name.startswith(families)}


def test_both_catalogues_have_the_same_ids() -> None:
    assert set(FR) == set(EN)


@pytest.mark.parametrize("name", sorted(FR))
def test_both_languages_are_filled_with_the_same_values(name: str) -> None:
    assert FR[name].placeholders == EN[name].placeholders


@pytest.mark.parametrize("name", sorted(FR))
def test_both_languages_have_plural_forms_for_the_same_texts(name: str) -> None:
    assert len(FR[name].forms) == len(EN[name].forms)


@pytest.mark.parametrize("language", Language)
def test_no_text_is_empty_or_holds_a_stray_per_cent_sign(language: Language) -> None:
    entries = catalogue(language).entries
    assert [] == [name for name, entry in entries.items() if not all(entry.forms) or entry.stray_percent]


@pytest.mark.parametrize("language", Language)
def test_every_plural_form_names_the_number(language: Language) -> None:
    plural = [entry for entry in catalogue(language).entries.values() if len(entry.forms) > 1]
    assert [] == [
        form for entry in plural for form in entry.forms if not {"limit", "count"} & Entry((form,)).placeholders
    ]


@pytest.mark.parametrize("language", Language)
def test_no_id_stands_twice_in_a_file(language: Language) -> None:
    """Whoever reads a catalogue would take the later one without a word."""
    text = resources.files("msa_recovery.texts").joinpath(f"{language}.po").read_text(encoding="utf-8")
    found = Counter(re.findall(r'^msgid "(.+)"$', text, re.MULTILINE))
    assert [] == [name for name, count in found.items() if count > 1]


@pytest.mark.parametrize("name", sorted(name for name in FR if not name.startswith(("format.", "state."))))
def test_a_french_text_has_no_typewriter_apostrophe_outside_an_sms(name: str) -> None:
    sms = name.endswith((".sms", ".with_host")) or "sms_" in name
    assert [] == [form for form in FR[name].forms if ("'" in form) and not sms]
