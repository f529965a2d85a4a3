"""What each guard and each effect of the charts means to the model that spin checks: one Promela phrase for each name.

The model has one account with its ledger, and one journey after the other. Counts are bytes up to the policy's caps; a
deadline is the number of ticks that are left of it, 0 once it has passed. What a person does, and what the account is,
is chosen freely (``in_...``, ``acc_...``). ``promela.py`` puts the phrases together.
"""

from collections.abc import Mapping
from typing import Final

from msa_recovery.domain.events import EventName

__all__ = ["COMPARED", "EFFECTS", "GUARDS", "INPUTS"]

GUARDS: Final[Mapping[str, str]] = {
    "answer_is_left": "answers < ANSWERS_PER_JOURNEY && given < ANSWERS_PER_MONTH",
    "asked_by_an_agent": "in_agent",
    "challenge_is_not_offered": "verdict == NOT_OFFERED",
    "channel_is_offered": "ON_FILE(CHANNEL)",
    "code_is_live": "CODE_IS_LIVE",
    "code_is_live_or_may_be_sent": "(adopted && CODE_IS_LIVE) || MAY_SEND",
    "code_is_not_live": "verdict == NOT_LIVE",
    "code_may_be_sent": "MAY_SEND",
    "code_may_be_sent_now": "MAY_SEND && MAY_SEND_NOW",
    "code_of_channel_is_live": "CODE_IS_LIVE && code_channel == CHANNEL",
    "comparisons_are_spent": ("verdict == NONE_LEFT || (verdict == RIGHT && comparisons >= COMPARISONS_AFTER_SIGN_IN)"),
    "contact_may_be_edited": "!in_removes || in_kind == NO_CHANNEL || HELD(3 - in_kind) || !HELD(in_kind)",
    "current_password_try_is_left": "current_tries < CURRENT_PASSWORD_TRIES",
    "deadline_is_passed": "IS_OVER",
    "first_sign_in": "acc_first",
    "first_sign_in_is_proved": "acc_first && adopted && challenge_passed",
    "guess_is_right": "verdict == RIGHT",
    "guess_must_wait": "verdict == MUST_WAIT",
    "guess_of_code_is_left": "CODE_IS_LIVE",
    "identity_is_an_individuals": "in_identity && in_individual",
    "letter_is_live": "letter_left > 0",
    "letter_may_be_posted": "letter_left == 0 && letters < LETTERS_PER_MONTH",
    "password_is_acceptable": "!in_breaks_rules && verdict == WRONG",
}
"""Each guard as an expression over the model's variables; its brackets are put by whoever uses it."""

EFFECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "accept_password": (
        "assert(signed_in)",
        "accepted = 1; acc_first = 0",
        "sent_left = 0; letter_left = 0; code_held = 0; code_guesses = 0; code_left = 0",
        "others_guesses = 0; others_left = 0",
    ),
    "adopt_account": (
        "if :: !adopted -> adopted = 1; challenge_passed = 0; channel = NO_CHANNEL; code_held = 0 :: else fi",
    ),
    "allow_new_password": (
        "assert(verdict == RIGHT)",
        "signed_in = 1; comparisons = 0; journey_left = SIGNED_IN_LIFETIME",
    ),
    "await_letter": ("channel = LETTER; journey_left = LATER_OF(sent_left, letter_left)",),
    "clear_contacts_mark": ("to_confirm = 0",),
    "end_code": ("code_held = 0; code_guesses = 0; code_left = 0",),
    "issue_temporary_password": (
        "assert(verdict == RIGHT && taken == submit_code)",
        "sent_left = TEMPORARY_PASSWORD_LIFETIME; letter_left = 0; journey_left = TEMPORARY_PASSWORD_LIFETIME",
    ),
    "keep_edit": ("if :: in_kind == SMS -> edit_sms = EDIT :: in_kind == EMAIL -> edit_email = EDIT :: else fi",),
    "mark_contacts_to_confirm": ("to_confirm = 1",),
    "note_challenge_passed": ("assert(verdict == RIGHT)", "challenge_passed = 1"),
    "post_letter": (
        "letters++; channel = LETTER",
        "letter_left = LETTER_LIFETIME; journey_left = LETTER_LIFETIME; month_left = MONTH",
    ),
    "put_contacts_on_file": ("acc_sms = HELD(SMS); acc_email = HELD(EMAIL)",),
    "send_code": (
        "channel = CHANNEL; code_channel = channel; code_held = 1; codes_sent++",
        "code_guesses = GUESSES_PER_CODE; code_left = CODE_LIFETIME; cooldown_left = SEND_COOLDOWN",
        "sends_month++; month_left = MONTH; sends_day++; day_left = DAY",
        "journey_left = LATER_OF(journey_left, CODE_LIFETIME)",
    ),
    "settle_answer": ("if :: verdict == RIGHT -> given-- :: else fi",),
    "settle_code_guess": ("wrong_codes--",),
    "settle_current_password": ("current_day--",),
    "settle_sign_in": ("sign_ins--; sign_in_left = 0",),
    # What the person, or the contacts held before, are told: nothing of it is asked for by a guard.
    "say_challenge_is_not_offered": (),
    "say_code_is_dead": (),
    "say_code_is_not_live": (),
    "say_code_is_wrong": (),
    "say_contact_is_the_last": (),
    "say_current_password_is_wrong": (),
    "say_identity_is_refused": (),
    "say_letter_is_refused": (),
    "say_sign_in_is_wrong": (),
    "say_what_password_breaks": (),
    "say_when_code_may_be_sent": (),
    "say_when_password_may_be_proved": (),
    "say_when_to_sign_in": (),
    "tell_of_block": (),
}
"""Each effect as statements, in order; an assertion is an invariant that must hold where the effect is called."""

INPUTS: Final[Mapping[EventName, tuple[str, ...]]] = {
    EventName.USE_FRANCECONNECT: ("in_identity", "in_individual"),
    EventName.ORDER_LETTER: ("in_agent",),
    EventName.ANSWER_CHALLENGE: ("in_offered", "in_right"),
    EventName.CHOOSE_CHANNEL: ("in_email",),
    EventName.SUBMIT_CODE: ("in_right",),
    EventName.SIGN_IN: ("in_right",),
    EventName.PROVE_PASSWORD: ("in_right",),
    EventName.CHOOSE_PASSWORD: ("in_breaks_rules", "in_right"),
    EventName.EDIT_CONTACT: ("in_kind", "in_removes"),
}
"""What a person chooses with each event; ``in_right`` of a new password means that it is the current one."""

COMPARED: Final[Mapping[EventName, str]] = {
    EventName.ANSWER_CHALLENGE: """\
    if
    :: !in_offered -> verdict = NOT_OFFERED
    :: in_offered && (answers >= ANSWERS_PER_JOURNEY || given >= ANSWERS_PER_MONTH) -> verdict = NONE_LEFT
    :: else -> answers++; given++; month_left = MONTH; verdict = COMPARISON
    fi""",
    EventName.SUBMIT_CODE: """\
    if
    :: !CODE_IS_LIVE -> verdict = NOT_LIVE
    :: else ->
        assert(code_left > 0 && code_guesses > 0);
        code_guesses--; wrong_codes++; month_left = MONTH; verdict = COMPARISON
    fi""",
    EventName.SIGN_IN: """\
    if
    :: sent_left == 0 && letter_left == 0 -> verdict = NOT_LIVE
    :: (sent_left > 0 || letter_left > 0) && (sign_in_left > 0 || sign_ins >= SIGN_INS_PER_DAY) -> verdict = MUST_WAIT
    :: else ->
        sign_ins++; day_left = DAY; verdict = COMPARISON;
        if :: sign_ins >= SIGN_IN_WAIT_FROM -> sign_in_left = SIGN_IN_WAIT :: else fi
    fi""",
    EventName.PROVE_PASSWORD: """\
    if
    :: current_tries >= CURRENT_PASSWORD_TRIES -> verdict = NONE_LEFT
    :: current_tries < CURRENT_PASSWORD_TRIES && current_day >= CURRENT_PASSWORDS_PER_DAY -> verdict = MUST_WAIT
    :: else -> current_tries++; current_day++; day_left = DAY; verdict = COMPARISON
    fi""",
    EventName.CHOOSE_PASSWORD: """\
    if
    :: in_breaks_rules -> verdict = RULES_FAIL
    :: !in_breaks_rules && changing -> verdict = COMPARISON
    :: !in_breaks_rules && !changing && comparisons >= COMPARISONS_AFTER_SIGN_IN -> verdict = NONE_LEFT
    :: else -> comparisons++; verdict = COMPARISON
    fi""",
}
"""``guessing.reserve`` for each event that compares: counted as wrong first, and only then compared."""
