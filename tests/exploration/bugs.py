"""Bugs that somebody might well write: some for each invariant, and one for each row of the charts."""

from collections.abc import Mapping
from typing import Final

from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.machine import CHARTS

from .planting import AnotherRow, AnotherText, Bug

__all__ = ["BUGS", "ROWS"]


def _text(module: str, before: str, after: str) -> AnotherText:
    return AnotherText(module, before, after)


BUGS: Final = (
    # -- 1: what leads where -------------------------------------------------------------------------------------------
    Bug(
        "1",
        "any text opens the new-password step",
        AnotherRow("awaiting_sign_in.sign_in.2", without_guard="guess_is_right"),
    ),
    Bug("1", "any code is right", AnotherRow("confirming_code.submit_code.2", without_guard="guess_is_right")),
    Bug("1", "no question at a first sign-in", AnotherRow("identifying.identify.3", without_guard="first_sign_in")),
    Bug(
        "1", "any answer is right", AnotherRow("answering_challenge.answer_challenge.2", without_guard="guess_is_right")
    ),
    Bug(
        "1",
        "FranceConnect vouches for anybody",
        AnotherRow("identifying.use_franceconnect.1", without_guard="identity_is_an_individuals"),
    ),
    Bug(
        "1",
        "FranceConnect serves farmers",
        _text("guards", "s.subject.genuine and MATRIX[s.subject.type].franceconnect", "s.subject.genuine"),
    ),
    Bug(
        "1",
        "the usual password proves itself",
        AnotherRow("proving_password.prove_password.2", ChartName.CHANGE, without_guard="guess_is_right"),
    ),
    Bug(
        "1",
        "contact details are skipped",
        AnotherRow("personalising_password.choose_password.2", target=State.COMPLETED),
    ),
    # -- 2: events out of turn -----------------------------------------------------------------------------------------
    Bug(
        "2",
        "an event out of turn makes the ledger forgotten",
        _text("machine", "        return Step(case, None)\n", "        return Step(Case(case.journey), None)\n"),
    ),
    # -- 3: ways out ---------------------------------------------------------------------------------------------------
    Bug("3", "nobody can abandon a code", AnotherRow("confirming_code.abandon.1", target=State.CONFIRMING_CODE)),
    Bug(
        "3",
        "both channels are needed for a code",
        _text(
            "guards",
            "return any(s.usable(channel) for channel in ELECTRONIC) and s",
            "return all(s.usable(channel) for channel in ELECTRONIC) and s",
        ),
    ),
    Bug(
        "3",
        "an accepted password ends its own journey",
        _text("effects", '    draft.journey["epoch"] = epoch\n', '    draft.journey["epoch"] = epoch - 1\n'),
    ),
    Bug(
        "3",
        "one letter less is posted than may be",
        _text("ledger", "posted < policy.letters_per_month", "posted + 1 < policy.letters_per_month"),
    ),
    Bug(
        "3",
        "the first wrong current password blocks",
        AnotherRow("proving_password.prove_password.3", ChartName.CHANGE, target=State.BLOCKED),
    ),
    Bug(
        "3",
        "a code is asked for and never sent",
        AnotherRow("choosing_channel.choose_channel.2", without_effect="send_code"),
    ),
    Bug(
        "3",
        "no right temporary password is compared",
        _text(
            "guessing",
            "if not journey.waits_in_vain and not ledger.temporary_passwords(now):",
            "if not journey.waits_in_vain:",
        ),
    ),
    # -- 4: counts -----------------------------------------------------------------------------------------------------
    Bug(
        "4",
        "each wrong code makes the earlier ones forgotten",
        _text(
            "guessing",
            "(*live(ledger.code_guesses, context.now), Mark(guess, context.now + MONTH))",
            "(Mark(guess, context.now + MONTH),)",
        ),
    ),
    Bug(
        "4",
        "a right guess settles all wrong ones",
        _text("ledger", "return tuple(mark for mark in tally if mark.guess != guess)", "return ()"),
    ),
    Bug(
        "4",
        "a right code still counts as wrong",
        AnotherRow("confirming_code.submit_code.2", without_effect="settle_code_guess"),
    ),
    Bug(
        "4",
        "each code that is sent makes the earlier ones forgotten",
        _text(
            "effects",
            "sends=(*sends, Sent(s.origin, s.now + DAY, s.now + MONTH))",
            "sends=(Sent(s.origin, s.now + DAY, s.now + MONTH),)",
        ),
    ),
    Bug(
        "4",
        "each letter makes the earlier ones forgotten",
        _text("effects", "letters=(*letters, s.now + MONTH)", "letters=(s.now + MONTH,)"),
    ),
    Bug(
        "4",
        "no time between two codes",
        _text(
            "ledger",
            "        if self.next_send is not None and not passed(self.next_send, now):\n            return False\n",
            "",
        ),
    ),
    Bug(
        "4",
        "one code a day too many",
        _text("ledger", "len(today) >= policy.sends_per_day", "len(today) > policy.sends_per_day"),
    ),
    Bug(
        "4",
        "one code too many from an origin",
        _text("ledger", "today.count(origin) >= policy", "today.count(origin) > policy"),
    ),
    Bug(
        "4",
        "one code a month too many",
        _text("ledger", "self.sends) < policy.sends_per_month", "self.sends) <= policy.sends_per_month"),
    ),
    Bug(
        "4",
        "one code a journey too many",
        _text(
            "ledger", "journey.codes_sent < policy.codes_per_journey", "journey.codes_sent <= policy.codes_per_journey"
        ),
    ),
    Bug(
        "4",
        "guesses at another journey's code are not reckoned with",
        _text("ledger", "return wrong + elsewhere + policy", "return wrong + policy"),
    ),
    Bug(
        "4",
        "to name another account refunds the codes",
        _text("effects", "challenge_passed=False, channel=None", "challenge_passed=False, codes_sent=0, channel=None"),
    ),
    Bug(
        "4",
        "any number of answers a journey",
        _text("guessing", "journey.answers >= policy.answers_per_journey or ", ""),
    ),
    Bug(
        "4",
        "nobody waits after wrong temporary passwords",
        _text("ledger", "return passed(tries.wait_until, at) and len(", "return len("),
    ),
    Bug(
        "4",
        "each wrong temporary password makes the earlier ones forgotten",
        _text("ledger", "tally = (*before, Mark(guess, now + DAY))", "tally = (Mark(guess, now + DAY),)"),
    ),
    Bug(
        "4",
        "any number of comparisons with the current password",
        _text(
            "guessing",
            "if journey.comparisons >= context.policy.comparisons_after_sign_in:",
            "if journey.comparisons < 0:",
        ),
    ),
    Bug(
        "4",
        "any number of wrong current passwords a day",
        _text(
            "guessing",
            "    if retry_at is not None:\n        return Refused(Guess(Verdict.MUST_WAIT, retry_at=retry_at))\n"
            "    given = live(ledger.current",
            "    given = live(ledger.current",
        ),
    ),
    Bug(
        "4",
        "a letter is posted while one is under way",
        _text("ledger", "return not self.letter_is_live(now) and posted", "return posted"),
    ),
    Bug(
        "4",
        "an accepted password clears the wrong codes",
        _text(
            "effects",
            "draft.ledger.update(epoch=epoch, codes=(), ",
            "draft.ledger.update(epoch=epoch, codes=(), code_guesses=(), ",
        ),
    ),
    # -- 5: a secret works once, in its place --------------------------------------------------------------------------
    Bug("5", "a code works twice", AnotherRow("confirming_code.submit_code.2", without_effect="end_code")),
    Bug(
        "5",
        "an earlier code stays live beside the new one",
        _text("effects", "if slot.journey != s.journey.id and not s.passed(slot.until)", "if not s.passed(slot.until)"),
    ),
    Bug(
        "5",
        "another account's code stays in the journey",
        _text("effects", "channel=None, code=None, edits=()", "edits=()"),
    ),
    Bug(
        "5", "codes outlive an accepted password", _text("effects", "epoch=epoch, codes=(), sent", "epoch=epoch, sent")
    ),
    Bug(
        "5",
        "a letter outlives an accepted password",
        _text("effects", "sent_password=None, letter_password=None)\n    draft", "sent_password=None)\n    draft"),
    ),
    Bug(
        "5",
        "a letter outlives the temporary password after a code",
        _text("effects", "way, until), letter_password=None, issued", "way, until), issued"),
    ),
    Bug(
        "5",
        "other journeys outlive an accepted password",
        _text("effects", "epoch = s.ledger.epoch + 1", "epoch = s.ledger.epoch"),
    ),
    Bug(
        "5",
        "the code of another journey is spoilt",
        _text(
            "effects",
            "for slot in s.ledger.codes if slot.journey != s.journey.id and",
            "for slot in s.ledger.codes if slot.journey == s.journey.id and",
        ),
    ),
    # -- 6: deadlines --------------------------------------------------------------------------------------------------
    Bug(
        "6",
        "at its deadline, everything still works",
        _text("journey", "return now >= deadline", "return now > deadline"),
    ),
    Bug(
        "6",
        "a code never expires",
        _text(
            "ledger",
            "return slot if slot.guesses_left > 0 and not passed(slot.until, now) else None",
            "return slot if slot.guesses_left > 0 else None",
        ),
    ),
    Bug(
        "6",
        "a temporary password never expires",
        _text("ledger", "if password is not None and not passed(password.until, now))", "if password is not None)"),
    ),
    Bug(
        "6",
        "a journey of an earlier epoch goes on",
        _text("situation", "return journey.epoch != ledger.epoch or (waiting", "return (waiting"),
    ),
    Bug(
        "6",
        "no event is taken as a lapse",
        _text("machine", "return Lapse() if is_over(case, now) else event", "return event"),
    ),
    Bug(
        "6",
        "a code outlives its journey",
        _text("effects", "deadline=max(s.journey.deadline, until),", "deadline=s.journey.deadline,"),
    ),
    # -- 7: contacts ---------------------------------------------------------------------------------------------------
    Bug(
        "7",
        "a contact that changed lately serves recovery",
        _text(
            "situation",
            "return way if way is not None and (way.usable_from is None or self.passed(way.usable_from)) else None",
            "return way",
        ),
    ),
    Bug(
        "7",
        "a correction takes effect at once",
        AnotherRow("confirming_contacts.edit_contact.1", with_effect="put_contacts_on_file"),
    ),
    Bug(
        "7",
        "contacts held before are not told",
        _text(
            "effects",
            "            draft.requests.append(Notify(Notice.CONTACTS_CHANGED, ways))\n",
            "            pass\n",
        ),
    ),
    Bug(
        "7",
        "nobody is told of a new password",
        _text("effects", "        draft.requests.append(Notify(Notice.PASSWORD_CHANGED, ways))\n", "        pass\n"),
    ),
    # -- 8: the directory's password -----------------------------------------------------------------------------------
    Bug(
        "8",
        "a refused password is kept",
        AnotherRow("personalising_password.choose_password.3", with_effect="accept_password"),
    ),
    Bug(
        "8",
        "a weak password is accepted",
        AnotherRow("personalising_password.choose_password.2", without_guard="password_is_acceptable"),
    ),
    # -- 9: known and decoy --------------------------------------------------------------------------------------------
    Bug(
        "9",
        "only real accounts are posted a letter",
        _text(
            "guards",
            "return s.ledger.may_post_letter(s.now, s.policy)",
            "return s.subject.genuine and s.ledger.may_post_letter(s.now, s.policy)",
        ),
    ),
    Bug(
        "9",
        "a decoy's answers are not counted",
        _text(
            "guessing",
            "if journey.profile is None or event.answer",
            "if journey.profile is None or not journey.profile.genuine or event.answer",
        ),
    ),
    Bug(
        "9",
        "a decoy shows no channels",
        _text(
            "screens",
            "if (way := situation.usable(channel)))",
            "if situation.subject.genuine and (way := situation.usable(channel)))",
        ),
    ),
    # -- 12: the same step, and none that raises -----------------------------------------------------------------------
    Bug(
        "12",
        "a dead code raises",
        _text(
            "guards",
            'another guess (R5)."""\n    return s.ledger.slot(s.journey, s.now) is not None',
            'another guess (R5)."""\n    return s.ledger.slot(s.journey, s.now).guesses_left > 0',
        ),
    ),
    Bug(
        "12",
        "chance decides",
        _text(
            "guards",
            "return s.ledger.letter_is_live(s.now)",
            "return s.ledger.letter_is_live(s.now) or __import__('random').random() < 0.5",
        ),
    ),
    # -- 13, 14 --------------------------------------------------------------------------------------------------------
    Bug(
        "13",
        "the handle from before the sign-in stays",
        _text(
            "effects",
            "    if s.journey.chart is ChartName.RECOVERY:\n        draft.requests.append(MintHandle())\n",
            "",
        ),
    ),
    Bug(
        "14",
        "a code bears any number of guesses",
        _text("guessing", "guesses_left=slot.guesses_left - 1", "guesses_left=slot.guesses_left"),
    ),
    Bug(
        "14",
        "answers are not counted",
        _text(
            "guessing", "evolve(ledger, answers=(*given, Mark(guess, now + MONTH)))", "evolve(ledger, answers=given)"
        ),
    ),
    Bug(
        "14",
        "a crash counts a guess twice",
        _text("guessing", "    if ledger.holds(guess):\n        return Reserved(case)\n", ""),
    ),
    Bug(
        "14",
        "wrong temporary passwords are not counted",
        _text(
            "guessing",
            "evolve(ledger, sign_ins=ledger.with_sign_in(guess, origin, now, policy))",
            "ledger",
        ),
    ),
    Bug(
        "14",
        "comparisons with the current password are not counted",
        _text("guessing", "comparisons=journey.comparisons + 1", "comparisons=journey.comparisons"),
    ),
    Bug(
        "14",
        "a weak password is compared",
        _text("guessing", "    if context.evidence.broken_rules:\n        return _refused(Verdict.RULES_FAIL)\n", ""),
    ),
)
"""For each invariant that the exploration judges."""

_ELSEWHERE: Final[Mapping[State, State]] = {State.COMPLETED: State.BLOCKED}

ROWS: Final = tuple(
    Bug(
        f"{chart.name}: {row.label}",
        f"leads to {_ELSEWHERE.get(row.target, State.COMPLETED)}",
        AnotherRow(row.label, chart.name, target=_ELSEWHERE.get(row.target, State.COMPLETED)),
    )
    for chart in CHARTS.values()
    for row in chart.rows
)
"""For each row of the charts."""
