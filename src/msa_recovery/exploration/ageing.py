"""What time alone does: one deadline passes. Which one passes first is open, but for what holds under every policy.

A code does not outlive its journey's deadline; a code that was sent leaves the caps of 24 hours before that of 30 days;
a letter that is under way still counts. Everything else may pass in any order, whatever lengths a policy gives.
"""

from collections.abc import Iterator

from msa_recovery.domain.journey import FINAL, JourneyId

from .abstraction import JourneyKey, LedgerKey, journey_id

__all__ = ["aged_journey", "ageing", "expiring", "without_quarantine"]


def expiring(key: LedgerKey) -> Iterator[tuple[str, LedgerKey]]:
    """Everything in a ledger that lives and can be the next to die, or keeps somebody waiting."""
    if key.cools_down:
        yield "the time between two codes passes", key._replace(cools_down=False)
    for journey, issue, in_time, _ in key.codes:
        if in_time:
            yield f"code {issue} of {journey} expires", key._replace(codes=_expired(key, journey))
    if key.sent_password is not None:
        yield "the temporary password that was sent expires", key._replace(sent_password=None)
    if key.letter_password:
        yield "the temporary password of the letter expires", key._replace(letter_password=False, letter_lost=False)
    if key.letter_password and not key.letter_lost:
        yield "the letter turns out never to arrive", key._replace(letter_lost=True)
    for place, (origin, count, waits) in enumerate(key.sign_ins):
        if waits:
            over = (*key.sign_ins[:place], (origin, count, False), *key.sign_ins[place + 1 :])
            yield f"the wait for {origin or 'anywhere else'} is over", key._replace(sign_ins=over)


def ageing(key: LedgerKey) -> Iterator[tuple[str, LedgerKey]]:
    """Everything in a ledger that counts and can be the next to count no longer: in a day, or in 30."""
    if key.code_guesses:
        yield "a wrong code ages out", key._replace(code_guesses=key.code_guesses - 1)
    if key.answers:
        yield "an answer ages out", key._replace(answers=key.answers - 1)
    if key.current_password_guesses:
        fewer = key.current_password_guesses - 1
        yield "a wrong current password ages out", key._replace(current_password_guesses=fewer)
    for place, (origin, count, waits) in enumerate(key.sign_ins):
        if count:
            left = (*key.sign_ins[:place], (origin, count - 1, waits), *key.sign_ins[place + 1 :])
            where = origin or "anywhere else"
            yield f"a wrong temporary password from {where} ages out", key._replace(sign_ins=left)
    for sent in sorted(set(key.sends)):
        origin, today = sent
        rest = list(key.sends)
        rest.remove(sent)
        if today:
            rest.append((origin, False))
            yield f"24 hours pass since a code was sent from {origin}", key._replace(sends=tuple(sorted(rest)))
        else:
            yield f"30 days pass since a code was sent from {origin}", key._replace(sends=tuple(rest))
    # The letter that is under way is the one that was posted last: it counts for longer than it lives.
    if key.letters > key.letter_password:
        yield "30 days pass since a letter was posted", key._replace(letters=key.letters - 1)
    if key.told_of_block:
        yield "30 days pass since the holder was told of a block", key._replace(told_of_block=False)


def _expired(key: LedgerKey, of: JourneyId) -> tuple[tuple[JourneyId, int, bool, int], ...]:
    return tuple(
        sorted((journey, issue, in_time and journey != of, left) for journey, issue, in_time, left in key.codes)
    )


def aged_journey(
    key: JourneyKey, ledger: LedgerKey, other: LedgerKey
) -> tuple[str, JourneyKey, LedgerKey, LedgerKey] | None:
    """The journey whose deadline passes, and with it its code; ``None`` if nothing is left to pass."""
    if key.state in FINAL or not key.in_time:
        return None
    name = journey_id(key.slot)
    return (
        f"the deadline of {name} passes",
        key._replace(in_time=False),
        ledger._replace(codes=_expired(ledger, name)),
        other._replace(codes=_expired(other, name)),
    )


def without_quarantine(key: JourneyKey) -> JourneyKey:
    """The journey, once what was changed lately may serve recovery."""
    return key._replace(quarantined=False)
