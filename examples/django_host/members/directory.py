"""Django's users as the account directory of a recovery (``AccountDirectory``)."""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import close_old_connections, transaction
from django.utils import timezone

from msa_recovery import AccountKey, Secret
from msa_recovery.application.intents import ReplacePassword, RevokeSessions, SetContactsMark, UpdateContacts
from msa_recovery.domain.account import Account, AccountType, Contact, ContactId
from msa_recovery.domain.challenge import Amount, VitaleSerial
from msa_recovery.domain.challenge import Proof as ProofOf
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.domain.identifiers import parse_identifier

from .models import Done, Member, Proof


class MemberDirectory:
    """Implements ``AccountDirectory``. One query and one hash at most, whoever is asked for.

    What ``apply`` does must not be undone by the request in which it is done: it refuses to run inside of a
    transaction, so views that call the recovery are ``non_atomic_requests``.
    """

    def find(self, identifier):
        return account_of(people().filter(username=identifier.digits).first())

    def find_by_identity(self, identity):
        return account_of(people().filter(civil_identity=civil(identity)).first())

    def get(self, key):
        return account_of(people().filter(key=key).first())

    def proofs(self, key, kind, since):
        kept = Proof.objects.filter(member__in=people().filter(key=key), kind=kind)
        return tuple(
            ProofOf(kind, VitaleSerial(Secret(each.serial)) if each.serial else Amount(each.cents), each.paid_on)
            for each in kept
            if since is None or each.paid_on is None or each.paid_on >= since
        )

    def password_matches(self, key, password):
        kept = people().filter(key=key).values_list("password", flat=True).first()
        # Django hashes as well where there is nothing to compare with.
        return check_password(password.reveal(), make_password(None) if kept is None else kept)

    def apply(self, key, intent, once):
        hashed = make_password(intent.password.reveal()) if isinstance(intent, ReplacePassword) else ""
        with transaction.atomic(durable=True):
            member = people().select_for_update().filter(key=key).first()
            if member is None:
                return False
            if not Done.objects.get_or_create(member=member, once=once)[1]:
                return True
            match intent:
                case ReplacePassword():
                    member.password, member.first_sign_in = hashed, False
                case RevokeSessions():
                    member.sessions_revoked += 1
                case SetContactsMark(to_confirm):
                    member.contacts_to_confirm = to_confirm
                case UpdateContacts(values):
                    for kind, value in values:
                        change_contact(member, kind, "" if value is None else value.text)
            member.save()
        return True


class Reconnected:
    """A directory for threads that go on without requests, between which Django lets go of connections that are broken
    or too old: here that is done before each call."""

    def __init__(self, directory):
        self._directory = directory

    def __getattr__(self, name):
        method = getattr(self._directory, name)

        def call(*arguments):
            close_old_connections()
            return method(*arguments)

        return call


def people():
    """Whom a recovery may help: nobody who is closed, and no agent."""
    return Member.objects.filter(is_active=True, is_staff=False)


def change_contact(member, kind, text):
    """Another value is another contact, with an id of its own: no secret follows it to another address."""
    if getattr(member, kind) != text:
        number, _ = member.contact_changes.get(kind, (0, None))
        member.contact_changes[kind] = (number + 1, timezone.now().isoformat())
        setattr(member, kind, text)


def account_of(member):
    if member is None:
        return None
    return Account(
        key=AccountKey(member.key),
        type=AccountType(member.account_type),
        first_sign_in=member.first_sign_in,
        identifiers=(parse_identifier(member.username),),
        contacts=tuple(contact_of(member, kind) for kind in ContactKind if getattr(member, kind)),
        names=(*member.first_name.split(), *member.last_name.split()),
        postal_address=tuple(member.postal_address.split("\n")),
        fund=ASSISTANCE_INTERNET,
        contacts_to_confirm=member.contacts_to_confirm,
    )


def contact_of(member, kind):
    number, changed_at = member.contact_changes.get(kind, (0, None))
    text = getattr(member, kind)
    return Contact(
        id=ContactId(f"{member.key}:{kind}:{number}"),
        kind=kind,
        value=EmailAddress(text) if kind is ContactKind.EMAIL else PhoneNumber(text),
        changed_at=None if changed_at is None else datetime.fromisoformat(changed_at),
    )


def civil(identity):
    """A person as the civil registry has him, for FranceConnect."""
    return "|".join(identity.pivot)
