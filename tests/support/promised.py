"""Messages that were promised, any number of them, without the journeys that would promise so many."""

from datetime import datetime

from msa_recovery.application.caller import Language
from msa_recovery.application.messages import MessageKind
from msa_recovery.application.outgoing import Letterhead, Parcel, seal_parcel
from msa_recovery.application.ports import Vault
from msa_recovery.application.records import MessageId, OutboxRow
from msa_recovery.application.subject import Subject
from msa_recovery.domain.account import (
    AccountKey,
    AccountType,
    Channel,
    ContactId,
    Profile,
    Pseudonym,
    Way,
)
from msa_recovery.domain.journey import JourneyId

__all__ = ["notice"]

_NOBODY = Profile(Pseudonym("a pseudonym"), False, AccountType.INDIVIDUAL, False, ())


def notice(
    vault: Vault,
    now: datetime,
    journey: str,
    number: int = 1,
    *,
    to: str = "+33600000001",
    channel: Channel = Channel.SMS,
) -> OutboxRow:
    """The notice that a password was changed, the so-manieth message of a journey."""
    head = Letterhead(Subject(AccountKey("nobody"), None, _NOBODY), JourneyId(journey), Language.FR, now)
    parcel = Parcel(
        genuine=True,
        key=AccountKey("nobody"),
        kind=MessageKind.PASSWORD_CHANGED,
        contact=ContactId("mobile"),
        to=(to,),
        language=Language.FR,
        written_at=now,
        secret=None,
    )
    way = Way(channel, ContactId("mobile"), vault.fingerprint(to), "")
    return seal_parcel(parcel, way, None, MessageId(f"{journey}.1.{number}"), head, vault)
