"""The account's memory across journeys: what was tried, sent and posted, and which secrets are live.

Everything here ages out by itself, each entry at its own deadline; nothing that a person does removes an entry, but for
a right guess, which removes the one that it reserved (invariant 4). A farmer with two identifiers has one ledger.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NewType, final

from attrs import frozen

from .account import Channel
from .journey import Journey, JourneyId, passed
from .policy import DAY, Policy

__all__ = [
    "CodeSlot",
    "GuessId",
    "Ledger",
    "Mark",
    "OriginTag",
    "Sent",
    "SignInTries",
    "Tally",
    "TemporaryPassword",
    "first_moment",
    "live",
    "settled",
]

GuessId = NewType("GuessId", str)
"""The name of one guess, so that it is reserved once, however often its event is decided again."""

OriginTag = NewType("OriginTag", str)
"""The keyed name of a caller's origin; empty when the host knows none."""


@final
@frozen
class Mark:
    """One counted guess, wrong until it is settled.

    Attributes:
        guess: the guess that it was reserved for.
        until: when it no longer counts.
    """

    guess: GuessId
    until: datetime


Tally = tuple[Mark, ...]
"""What counts against one cap, oldest first. Each mark ages out alone, so that a cap holds in *any* window."""


@final
@frozen
class Sent:
    """One code that was sent.

    Attributes:
        origin: who asked for it.
        day: when it leaves the caps of 24 hours.
        month: when it leaves the cap of 30 days.
    """

    origin: OriginTag
    day: datetime
    month: datetime


@final
@frozen
class CodeSlot:
    """The live code of one journey, as the account sees it.

    Attributes:
        journey: whose code it is.
        issue: which of its codes.
        until: when the code expires.
        guesses_left: guesses that it still bears, the ones under way deducted.
    """

    journey: JourneyId
    issue: int
    until: datetime
    guesses_left: int


@final
@frozen
class SignInTries:
    """Wrong temporary passwords from one origin.

    Attributes:
        origin: where they came from; ``None`` stands for all origins beyond the ones counted apart. These are only
            counted: a wait that they shared would keep the owner of a temporary password out (R30).
        tally: the tries of 24 hours.
        wait_until: until when nothing more from there is compared.
    """

    origin: OriginTag | None
    tally: Tally
    wait_until: datetime


@final
@frozen
class TemporaryPassword:
    """A live temporary password: it belongs to the account, not to the journey that asked for it.

    Attributes:
        digest: keyed, not slow: over 70 bits need no slow hash (R18). Empty once its letter can never arrive: nobody
            has it, another letter may be posted, and whoever waits for it waits on, as for any other.
        channel: how it went out.
        until: when it is dead.
        issue: the how-manieth temporary password of the account it is, from 1.
    """

    digest: bytes
    channel: Channel
    until: datetime
    issue: int = 1


@final
@frozen
class Ledger:
    """All that is remembered of one account.

    Attributes:
        epoch: the epoch, which moves when a new password is accepted; what began in an earlier one is over.
        code_guesses: wrong codes of 30 days.
        answers: answers to the knowledge question of 30 days.
        current_password_guesses: wrong current passwords of 24 hours.
        sign_ins: wrong temporary passwords, by origin.
        sends: codes sent in 30 days.
        next_send: when the next code may be sent at the earliest (aware, UTC).
        codes: live codes of journeys.
        letters: when each letter of 30 days stops counting (aware, UTC).
        sent_password: the temporary password sent after a code.
        letter_password: the temporary password that a letter carries.
        next_block_notice: when its contacts may again be told that a recovery was blocked (aware, UTC).
        intents: the place of the last effect on the directory.
        issued: how many temporary passwords were ever issued.
    """

    epoch: int = 0
    code_guesses: Tally = ()
    answers: Tally = ()
    current_password_guesses: Tally = ()
    sign_ins: tuple[SignInTries, ...] = ()
    sends: tuple[Sent, ...] = ()
    next_send: datetime | None = None
    codes: tuple[CodeSlot, ...] = ()
    letters: tuple[datetime, ...] = ()
    sent_password: TemporaryPassword | None = None
    letter_password: TemporaryPassword | None = None
    next_block_notice: datetime | None = None
    intents: int = 0
    issued: int = 0

    def unblocked(self) -> "Ledger":
        """The ledger once an operator has forgiven what was counted: guesses, answers, waits, codes and letters sent.

        What is live stays: codes with the guesses that they have left, and temporary passwords. So do the epoch and
        the numbers.
        """
        return Ledger(
            epoch=self.epoch,
            codes=self.codes,
            sent_password=self.sent_password,
            letter_password=self.letter_password,
            intents=self.intents,
            issued=self.issued,
        )

    def until(self) -> datetime | None:
        """From when on nothing in it matters to any guard, but for the epoch of a journey that is under way; ``None``
        where that holds at any time."""
        marks = (*self.code_guesses, *self.answers, *self.current_password_guesses)
        ends = [mark.until for tally in (marks, *(tries.tally for tries in self.sign_ins)) for mark in tally]
        ends += [tries.wait_until for tries in self.sign_ins]
        ends += [end for sent in self.sends for end in (sent.day, sent.month)]
        ends += [slot.until for slot in self.codes] + list(self.letters)
        ends += [password.until for password in (self.sent_password, self.letter_password) if password is not None]
        ends += [moment for moment in (self.next_send, self.next_block_notice) if moment is not None]
        return max(ends, default=None)

    # -- codes ---------------------------------------------------------------------------------------------------

    def slot(self, journey: Journey, now: datetime) -> CodeSlot | None:
        """The slot of the journey's code while that code can still be used; ``None`` once it is dead."""
        code = journey.code
        if code is None:
            return None
        for slot in self.codes:
            if slot.journey == journey.id and slot.issue == code.issue:
                return slot if slot.guesses_left > 0 and not passed(slot.until, now) else None
        return None

    def may_ever_send(self, journey: Journey, now: datetime, policy: Policy) -> bool:
        """Whether a code is left for this journey and account, whatever the time between two of them."""
        return (
            journey.codes_sent < policy.codes_per_journey
            and sum(not passed(sent.month, now) for sent in self.sends) < policy.sends_per_month
            and len(live(self.code_guesses, now)) + policy.guesses_per_code <= policy.code_guesses_per_month
        )

    def may_send_now(self, journey: Journey, origin: OriginTag, now: datetime, policy: Policy) -> bool:
        """Whether a code may be sent at this moment: cooled down, within the caps of 24 hours, and never so that all
        guesses that are then live could exceed the cap on wrong ones."""
        if self.next_send is not None and not passed(self.next_send, now):
            return False
        today = [sent.origin for sent in self.sends if not passed(sent.day, now)]
        if len(today) >= policy.sends_per_day or today.count(origin) >= policy.sends_per_origin_and_day:
            return False
        elsewhere = sum(
            slot.guesses_left for slot in self.codes if slot.journey != journey.id and not passed(slot.until, now)
        )
        wrong = len(live(self.code_guesses, now))
        return wrong + elsewhere + policy.guesses_per_code <= policy.code_guesses_per_month

    def next_send_at(self, journey: Journey, origin: OriginTag, now: datetime, policy: Policy) -> datetime | None:
        """When a code may be sent at the earliest, or ``None`` when waiting does not help."""
        ages = [moment for sent in self.sends for moment in (sent.day, sent.month)]
        ages += [mark.until for mark in self.code_guesses] + [slot.until for slot in self.codes]
        if self.next_send is not None:
            ages.append(self.next_send)
        return first_moment(
            ages,
            now,
            lambda at: self.may_ever_send(journey, at, policy) and self.may_send_now(journey, origin, at, policy),
        )

    # -- letters and temporary passwords -------------------------------------------------------------------------

    def letter_is_live(self, now: datetime) -> bool:
        """Whether a letter is under way, or its temporary password still unused."""
        letter = self.letter_password
        return letter is not None and letter.digest != b"" and not passed(letter.until, now)

    def may_post_letter(self, now: datetime, policy: Policy) -> bool:
        """Whether a letter may be posted: none is live, and one of 30 days is left."""
        posted = sum(not passed(until, now) for until in self.letters)
        return not self.letter_is_live(now) and posted < policy.letters_per_month

    def next_letter_at(self, now: datetime, policy: Policy) -> datetime | None:
        """When a letter may be posted at the earliest."""
        ages = list(self.letters)
        if self.letter_password is not None:
            ages.append(self.letter_password.until)
        return first_moment(ages, now, lambda at: self.may_post_letter(at, policy))

    def temporary_passwords(self, now: datetime) -> tuple[TemporaryPassword, ...]:
        """Those that open the new-password step at this moment: at most two. One whose letter can never arrive is among
        them, and opens nothing."""
        both = (self.sent_password, self.letter_password)
        return tuple(password for password in both if password is not None and not passed(password.until, now))

    # -- signing in ----------------------------------------------------------------------------------------------

    def tries_from(self, origin: OriginTag, now: datetime, policy: Policy) -> SignInTries | None:
        """The count that a try from this origin adds to, or ``None`` while there is none."""
        counted = self._counted_sign_ins(now)
        own = next((tries for tries in counted if tries.origin == origin), None)
        if own is not None or len(counted) < policy.sign_in_origins:
            return own
        return next((tries for tries in counted if tries.origin is None), None)

    def _counted_sign_ins(self, now: datetime) -> tuple[SignInTries, ...]:
        """Without those that aged out: whether somebody wrote the ledger since decides nothing."""
        return tuple(tries for tries in self.sign_ins if live(tries.tally, now) or not passed(tries.wait_until, now))

    def sign_in_at(self, origin: OriginTag, now: datetime, policy: Policy) -> datetime | None:
        """Until when a try from this origin must wait, or ``None`` if it need not."""
        tries = self.tries_from(origin, now, policy)
        if tries is None or tries.origin is None:
            return None

        def may(at: datetime) -> bool:
            return passed(tries.wait_until, at) and len(live(tries.tally, at)) < policy.sign_ins_per_day

        return None if may(now) else first_moment([tries.wait_until, *(m.until for m in tries.tally)], now, may)

    def sign_in_count(self, now: datetime) -> int:
        """Wrong temporary passwords of 24 hours, from all origins."""
        return sum(len(live(tries.tally, now)) for tries in self.sign_ins)

    def with_sign_in(self, guess: GuessId, origin: OriginTag, now: datetime, policy: Policy) -> tuple[SignInTries, ...]:
        """The tries with one more from this origin, and the wait that it brings; those that aged out are left out."""
        own = self.tries_from(origin, now, policy)
        kept = tuple(tries for tries in self._counted_sign_ins(now) if tries is not own)
        if own is not None:
            name, before = own.origin, live(own.tally, now)
        else:
            name, before = (origin if len(kept) < policy.sign_in_origins else None), ()
        tally = (*before, Mark(guess, now + DAY))
        if name is None:
            return (*kept, SignInTries(None, tally[-policy.sign_in_alarm :], now))
        return (*kept, SignInTries(name, tally, now + policy.sign_in_wait(len(tally))))

    def without_sign_in(self, guess: GuessId, now: datetime) -> tuple[SignInTries, ...]:
        """The tries without the one that turned out right, and without the wait that it had brought."""
        return tuple(
            tries if (left := settled(tries.tally, guess)) == tries.tally else SignInTries(tries.origin, left, now)
            for tries in self.sign_ins
        )

    # -- the change of a password --------------------------------------------------------------------------------

    def current_password_at(self, now: datetime, policy: Policy) -> datetime | None:
        """Until when a current password must wait to be compared, or ``None`` if it need not."""

        def may(at: datetime) -> bool:
            return len(live(self.current_password_guesses, at)) < policy.current_passwords_per_day

        return None if may(now) else first_moment([m.until for m in self.current_password_guesses], now, may)

    def holds(self, guess: GuessId) -> bool:
        """Whether this guess was reserved already and not settled."""
        tallies = (self.code_guesses, self.answers, self.current_password_guesses, *(t.tally for t in self.sign_ins))
        return any(mark.guess == guess for tally in tallies for mark in tally)


def live(tally: Tally, now: datetime) -> Tally:
    """The marks that still count."""
    return tuple(mark for mark in tally if not passed(mark.until, now))


def settled(tally: Tally, guess: GuessId) -> Tally:
    """The marks without the one of a guess that was right."""
    return tuple(mark for mark in tally if mark.guess != guess)


def first_moment(ages: Iterable[datetime], now: datetime, may: Callable[[datetime], bool]) -> datetime | None:
    """The earliest moment, now or one of some deadlines, at which something is allowed; ``None`` if it never is."""
    return next((at for at in (now, *sorted({age for age in ages if age > now})) if may(at)), None)
