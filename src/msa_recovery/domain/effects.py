"""What the chart's rows do: one function for each effect name. It reads the situation and collects in the draft.

Two effects of one row never write the same field of the ledger; of the journey, the later one overrides.
"""

from datetime import datetime

from .account import Channel, Way
from .events import EditContact
from .journey import ChartName, Code, Edit
from .ledger import CodeSlot, Sent, TemporaryPassword, settled
from .policy import DAY, MONTH
from .requests import (
    MarkContacts,
    MintHandle,
    Notice,
    Notify,
    ReplacePassword,
    RevokeSessions,
    SendCode,
    SendTemporaryPassword,
    UpdateContacts,
)
from .situation import Draft, Need, Situation, Verdict, reads

__all__ = [
    "accept_password",
    "adopt_account",
    "allow_new_password",
    "await_letter",
    "clear_contacts_mark",
    "end_code",
    "issue_temporary_password",
    "keep_edit",
    "mark_contacts_to_confirm",
    "note_challenge_passed",
    "post_letter",
    "put_contacts_on_file",
    "send_code",
    "settle_answer",
    "settle_code_guess",
    "settle_current_password",
    "settle_sign_in",
    "tell_of_block",
]


def _all_ways(s: Situation) -> tuple[Way, ...]:
    """Every contact held until now; by post too if the only electronic one is the one just used (63B 4.6, R23)."""
    held = s.subject if s.evidence.profile is None else s.evidence.profile
    electronic = tuple(way for way in held.ways if way.channel is not Channel.LETTER)
    used = s.journey.channel if s.same_account else None
    if len(electronic) > 1 or (electronic and electronic[0].channel is not used):
        return electronic
    return held.ways


# -- the account -------------------------------------------------------------------------------------------------------


@reads(Need.PROFILE)
def adopt_account(s: Situation, draft: Draft) -> None:
    """Take up the account that was named. What an earlier one left in the journey is gone; its counts stay (R38)."""
    if not s.same_account:
        draft.journey.update(
            profile=s.subject, epoch=s.ledger.epoch, challenge_passed=False, channel=None, code=None, edits=()
        )


# -- guesses -----------------------------------------------------------------------------------------------------------


@reads(Need.GUESS)
def settle_answer(s: Situation, draft: Draft) -> None:
    """If the answer was right, its own reservation no longer counts as wrong."""
    if s.evidence.guess.verdict is Verdict.RIGHT:
        draft.ledger["answers"] = settled(s.ledger.answers, s.evidence.guess.id)


@reads(Need.GUESS)
def settle_code_guess(s: Situation, draft: Draft) -> None:
    """The code was right: its own reservation no longer counts as wrong."""
    draft.ledger["code_guesses"] = settled(s.ledger.code_guesses, s.evidence.guess.id)


@reads(Need.GUESS)
def settle_sign_in(s: Situation, draft: Draft) -> None:
    """The temporary password was right: its own reservation no longer counts as wrong."""
    draft.ledger["sign_ins"] = s.ledger.without_sign_in(s.evidence.guess.id, s.now)


@reads(Need.GUESS)
def settle_current_password(s: Situation, draft: Draft) -> None:
    """The current password was right: its own reservation no longer counts as wrong."""
    draft.ledger["current_password_guesses"] = settled(s.ledger.current_password_guesses, s.evidence.guess.id)


# -- the knowledge question --------------------------------------------------------------------------------------------


def note_challenge_passed(s: Situation, draft: Draft) -> None:
    """Remember the right answer: ``go_back`` and the same account again ask no second one."""
    draft.journey["challenge_passed"] = True


# -- codes -------------------------------------------------------------------------------------------------------------


@reads(Need.FRESH_CODE)
def send_code(s: Situation, draft: Draft) -> None:
    """Send a fresh code by the chosen channel; an earlier one of this journey is dead (R11)."""
    way = s.usable(s.channel)
    if way is None:
        return
    policy, issue = s.policy, s.journey.codes_sent + 1
    until = s.now + policy.code_lifetime(way.channel)
    draft.journey.update(
        channel=way.channel,
        code=Code(s.evidence.fresh_code, way.channel, way.contact, issue),
        codes_sent=issue,
        deadline=max(s.journey.deadline, until),
    )
    sends = tuple(sent for sent in s.ledger.sends if not s.passed(sent.month))
    draft.ledger.update(
        codes=(*_other_codes(s), CodeSlot(s.journey.id, issue, until, policy.guesses_per_code)),
        sends=(*sends, Sent(s.origin, s.now + DAY, s.now + MONTH)),
        next_send=s.now + policy.send_cooldown,
    )
    draft.requests.append(SendCode(way, until))


def end_code(s: Situation, draft: Draft) -> None:
    """The code is dead: it was used, and works once (invariant 5), or it was guessed at too often."""
    draft.journey["code"] = None
    draft.ledger["codes"] = _other_codes(s)


def _other_codes(s: Situation) -> tuple[CodeSlot, ...]:
    return tuple(slot for slot in s.ledger.codes if slot.journey != s.journey.id and not s.passed(slot.until))


# -- temporary passwords -----------------------------------------------------------------------------------------------


def _fresh_password(s: Situation, way: Way, until: datetime) -> TemporaryPassword:
    return TemporaryPassword(s.evidence.fresh_password, way.channel, until, s.ledger.issued + 1)


@reads(Need.FRESH_PASSWORD, Need.PROFILE)
def issue_temporary_password(s: Situation, draft: Draft) -> None:
    """Send a temporary password the way that the code went; it replaces every other one of the account (R18).

    Where the account has changed since the journey took it up, nothing is issued: the journey only looks as if, for as
    long as it would wait for one."""
    code = s.journey.code
    way = None if code is None else s.subject.way(code.channel)
    if way is None:
        return
    until = s.now + s.policy.temporary_password_lifetime
    draft.journey.update(channel=way.channel, deadline=until, waits_in_vain=s.account_changed)
    if not s.account_changed:
        draft.ledger.update(
            sent_password=_fresh_password(s, way, until), letter_password=None, issued=s.ledger.issued + 1
        )
    draft.requests.append(SendTemporaryPassword(way, until))


@reads(Need.FRESH_PASSWORD, Need.PROFILE)
def post_letter(s: Situation, draft: Draft) -> None:
    """Post a letter with a temporary password; one that was sent after a code stays live."""
    way = s.subject.way(Channel.LETTER)
    if way is None:
        return
    until = s.now + s.policy.letter_lifetime
    letters = tuple(age for age in s.ledger.letters if not s.passed(age))
    draft.journey.update(channel=Channel.LETTER, deadline=until, waits_in_vain=s.account_changed)
    # Written in any case: the work does not tell whether the account has changed (R14).
    draft.ledger["letters"] = letters
    if not s.account_changed:
        draft.ledger.update(
            letters=(*letters, s.now + MONTH),
            letter_password=_fresh_password(s, way, until),
            issued=s.ledger.issued + 1,
        )
    draft.requests.append(SendTemporaryPassword(way, until))
    electronic = tuple(way for way in s.subject.ways if way.channel is not Channel.LETTER)
    if electronic:
        draft.requests.append(Notify(Notice.LETTER_UNDER_WAY, electronic))


@reads(Need.PROFILE)
def await_letter(s: Situation, draft: Draft) -> None:
    """A letter is under way already: wait for that one."""
    live_until: list[datetime] = [password.until for password in s.ledger.temporary_passwords(s.now)]
    draft.journey.update(channel=Channel.LETTER, deadline=max(live_until, default=s.journey.deadline))


def tell_of_block(s: Situation, draft: Draft) -> None:
    """Tell the holder that a recovery was blocked, at most once in 30 days, so that nobody is flooded (R30)."""
    due = s.ledger.next_block_notice
    ways = _all_ways(s)
    if ways and (due is None or s.passed(due)):
        draft.ledger["next_block_notice"] = s.now + MONTH
        draft.requests.append(Notify(Notice.RECOVERY_BLOCKED, ways))


# -- signing in --------------------------------------------------------------------------------------------------------


@reads(Need.GUESS)
def allow_new_password(s: Situation, draft: Draft) -> None:
    """Open the new-password step, and nothing else (R19); the handle from before the sign-in is unknown (R34).

    How the right temporary password had travelled is kept: a notice that only went the same way would tell a thief."""
    used = s.evidence.guess.channel
    draft.journey.update(deadline=s.now + s.policy.signed_in_lifetime, comparisons=0, comparison="", channel=used)
    if s.journey.chart is ChartName.RECOVERY:
        draft.requests.append(MintHandle())


# -- the new password --------------------------------------------------------------------------------------------------


def mark_contacts_to_confirm(s: Situation, draft: Draft) -> None:
    """Whoever leaves before the contact details are confirmed is asked again at the next sign-in."""
    draft.requests.append(MarkContacts(to_confirm=True))


def accept_password(s: Situation, draft: Draft) -> None:
    """The moment that counts: sessions, codes, temporary passwords and other journeys of the account die (R22)."""
    epoch = s.ledger.epoch + 1
    draft.journey["epoch"] = epoch
    draft.ledger.update(epoch=epoch, codes=(), sent_password=None, letter_password=None)
    draft.requests += (ReplacePassword(), RevokeSessions())
    ways = _all_ways(s)
    if ways:
        draft.requests.append(Notify(Notice.PASSWORD_CHANGED, ways))


# -- the contact details -----------------------------------------------------------------------------------------------


@reads(Need.EDIT)
def keep_edit(s: Situation, draft: Draft) -> None:
    """Remember the correction; it takes effect when the contact details are confirmed (invariant 7)."""
    event = s.event
    if isinstance(event, EditContact):
        others = tuple(edit for edit in s.journey.edits if edit.kind is not event.kind)
        draft.journey["edits"] = (*others, Edit(event.kind, event.value is None, s.evidence.sealed_edit))


def put_contacts_on_file(s: Situation, draft: Draft) -> None:
    """Make the corrections effective, and tell every contact held before (R23)."""
    if s.journey.edits:
        draft.requests.append(UpdateContacts(s.journey.edits))
        ways = _all_ways(s)
        if ways:
            draft.requests.append(Notify(Notice.CONTACTS_CHANGED, ways))


def clear_contacts_mark(s: Situation, draft: Draft) -> None:
    """The person has confirmed the contact details: no later sign-in asks for it."""
    draft.requests.append(MarkContacts(to_confirm=False))
