"""The sheet of sample accounts: what to type, and what each of them shows."""

from datetime import datetime
from typing import TYPE_CHECKING

from msa_recovery.application.caller import Language
from msa_recovery.domain.account import ELECTRONIC, MATRIX, Pseudonym, freeze
from msa_recovery.domain.journey import passed
from msa_recovery.domain.policy import Policy
from msa_recovery.texts import channel_text

from .cast import Member
from .words import Words

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["sheet", "shows"]


def sheet(
    cast: tuple[Member, ...], words: Words, language: Language, *, now: datetime, policy: Policy
) -> "RenderableType":
    """Every account in two columns: its identifiers, and what it shows."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(title=words.cast_title, title_justify="left", box=SIMPLE_HEAD, expand=True, padding=(0, 1))
    table.add_column(words.cast_identifier, no_wrap=True)
    table.add_column(words.cast_shows, ratio=1)
    for each in cast:
        table.add_row(Text("\n".join(each.identifiers)), Text(shows(each, words, language, now, policy)))
    return Group("", table, Text(words.cast_hint))


def shows(each: Member, words: Words, language: Language, now: datetime, policy: Policy) -> str:
    """What an account shows, in a line: its type, its channels, and what can be typed for it."""
    account = each.held.account
    facts = [words.types[account.type], *_ways(each, words, language, now, policy)]
    if account.first_sign_in:
        facts.append(words.never_signed_in)
        newest = [each.answers(kind)[:1] for kind in MATRIX[account.type].challenges]
        facts += [words.right_answer.format(answer=answer) for answers in newest for answer in answers]
    if account.contacts_to_confirm:
        facts.append(words.to_confirm)
    if each.held.identity is not None and MATRIX[account.type].franceconnect:
        facts.append("FranceConnect")
    if each.password:
        facts.append(words.usual_password.format(password=each.password))
    return " · ".join(facts)


def _ways(each: Member, words: Words, language: Language, now: datetime, policy: Policy) -> list[str]:
    """The channels on file, as a journey would take them up."""
    profile = freeze(each.held.account, Pseudonym(each.key), str.encode, policy.contact_quarantine)
    facts: list[str] = []
    for channel in ELECTRONIC:
        way, name = profile.way(channel), channel_text(channel, language)
        if way is not None:
            usable = way.usable_from is None or passed(way.usable_from, now)
            facts.append(name if usable else words.too_recent.format(channel=name))
    return facts or [words.no_contact]
