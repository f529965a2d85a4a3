"""People who do not exist, for trying it."""

from django.core.management.base import BaseCommand

from members.directory import civil
from members.models import Member, Proof
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.password_hashing import Argon2idHasher
from msa_recovery.domain.challenge import Amount
from msa_recovery.sample import sample_accounts


class Command(BaseCommand):
    """Takes over the library's sample accounts, as one would take over those of an older system."""

    help = "Fill the database with people who do not exist."

    def handle(self, *args, **options):
        for held in sample_accounts(SystemClock(), Argon2idHasher()):
            account = held.account
            if len(account.identifiers) > 1:
                continue  # a Django user has one name
            member = Member(
                username=account.identifiers[0].digits,
                first_name=account.names[0],
                last_name=" ".join(account.names[1:]),
                # Django's own form of an argon2id hash: none of them needs to be made anew.
                password=f"argon2{held.password_hash}" if held.password_hash else "!",
                account_type=account.type,
                first_sign_in=account.first_sign_in,
                contacts_to_confirm=account.contacts_to_confirm,
                postal_address="\n".join(account.postal_address),
                civil_identity=civil(held.identity) if held.identity else None,
            )
            for contact in account.contacts:
                setattr(member, contact.kind, contact.value.text)
                if contact.changed_at is not None and not contact.confirmed:
                    member.contact_changes[contact.kind] = (0, contact.changed_at.isoformat())
            member.save()
            for proof in held.proofs:
                value = proof.value
                known = {"cents": value.cents} if isinstance(value, Amount) else {"serial": value.digits.reveal()}
                Proof.objects.create(member=member, kind=proof.kind, paid_on=proof.on, **known)
