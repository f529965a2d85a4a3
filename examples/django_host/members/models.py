"""The members: Django's user, and what a recovery has to know of one beside it."""

import secrets

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac

from msa_recovery.domain.account import AccountType
from msa_recovery.domain.challenge import ChallengeKind


def new_key():
    return secrets.token_hex(16)


class Member(AbstractUser):
    """A user whose ``username`` is the identifier, and who is an agent of the help-desk if the permission says so.

    ``key`` is what the recovery calls the account: no identifier, since frames and logs may hold it.
    """

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    account_type = models.CharField(
        max_length=20, default=AccountType.INDIVIDUAL, choices=[(t, t) for t in AccountType]
    )
    first_sign_in = models.BooleanField(default=False)
    contacts_to_confirm = models.BooleanField(default=False)
    mobile = models.CharField(max_length=20, blank=True)
    landline = models.CharField(max_length=20, blank=True)
    fax = models.CharField(max_length=20, blank=True)
    # For each kind of contact: how often it changed, and when it did last.
    contact_changes = models.JSONField(default=dict, blank=True, editable=False)
    postal_address = models.TextField(blank=True)
    civil_identity = models.CharField(max_length=300, unique=True, null=True, blank=True, editable=False)
    sessions_revoked = models.PositiveIntegerField(default=0, editable=False)

    class Meta(AbstractUser.Meta):
        permissions = [("help_member", "Peut aider une personne à se reconnecter")]

    def get_session_auth_hash(self):
        """What a session must match: it ends with the password, and when a recovery ends every session (R22)."""
        return self.session_hash()

    def get_session_auth_fallback_hash(self):
        """The same by secrets that were rotated: a session of before goes on, and gets the hash of now."""
        return map(self.session_hash, settings.SECRET_KEY_FALLBACKS)

    def session_hash(self, secret=None):
        matched = f"{self.password} {self.sessions_revoked}"
        return salted_hmac("members.session", matched, secret=secret, algorithm="sha256").hexdigest()


class Proof(models.Model):
    """What an answer to a question of a first sign-in is checked against: an amount paid, or the card's number."""

    member = models.ForeignKey(Member, models.CASCADE)
    kind = models.CharField(max_length=30, choices=[(kind, kind) for kind in ChallengeKind])
    cents = models.PositiveIntegerField(null=True, blank=True)
    serial = models.CharField(max_length=30, blank=True)
    paid_on = models.DateField(null=True, blank=True)


class Done(models.Model):
    """An effect that was applied: never again under the same name."""

    member = models.ForeignKey(Member, models.CASCADE)
    once = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint("member", "once", name="done_once")]
