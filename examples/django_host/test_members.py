"""Django's users keep the contract of an account directory, and its mail that of a messenger."""

import os
from datetime import date
from smtplib import SMTPServerDisconnected
from unittest import mock

import django
import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "host.settings"
django.setup()

from django.core import mail  # noqa: E402 - the apps are there now
from django.db import connections, transaction  # noqa: E402
from django.test.utils import (  # noqa: E402
    override_settings,
    setup_databases,
    setup_test_environment,
    teardown_databases,
)
from members.directory import MemberDirectory, civil  # noqa: E402
from members.mail import DjangoMail  # noqa: E402
from members.models import Member, Proof  # noqa: E402

from msa_recovery import Channel, Secret  # noqa: E402
from msa_recovery.application.intents import RevokeSessions  # noqa: E402
from msa_recovery.domain.challenge import ChallengeKind  # noqa: E402
from msa_recovery.domain.identifiers import Nir  # noqa: E402
from msa_recovery.testing.contracts import AccountDirectoryContract, KnownAccount, MessengerContract  # noqa: E402
from msa_recovery.testing.people import EVERYBODY, IDENTITY_OF_MARIE, USUAL_PASSWORD  # noqa: E402

DAYS = [date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)]


@pytest.fixture(scope="session", autouse=True)
def _database():
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):  # quick: for tests only
        yield
    teardown_databases(made, verbosity=0)


@pytest.fixture
def marie():
    Member.objects.all().delete()
    account = EVERYBODY[0].account
    member = Member(username=account.identifiers[0].digits, civil_identity=civil(IDENTITY_OF_MARIE))
    for contact in account.contacts:
        setattr(member, contact.kind, contact.value.text)
    member.set_password(USUAL_PASSWORD)
    member.save()
    for day in DAYS:
        Proof.objects.create(member=member, kind=ChallengeKind.BENEFIT_AMOUNT, cents=14_852, paid_on=day)
    return member


class TestMemberDirectory(AccountDirectoryContract):
    @pytest.fixture
    def directory(self, marie):
        return MemberDirectory()

    @pytest.fixture
    def known(self, marie):
        return KnownAccount(
            key=marie.key,
            identifiers=(Nir(marie.username),),
            password=Secret(USUAL_PASSWORD),
            identity=IDENTITY_OF_MARIE,
            kind=ChallengeKind.BENEFIT_AMOUNT,
            paid=DAYS,
        )

    def revocations(self, directory, key):
        return Member.objects.get(key=key).sessions_revoked

    def together(self, calls):
        """Each thread has a connection of its own, and closes it."""

        def closing(call):
            try:
                return call()
            finally:
                connections.close_all()

        return super().together([lambda call=call: closing(call) for call in calls])

    def test_nothing_is_done_inside_of_a_transaction_that_may_be_rolled_back(self, directory, known):
        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            directory.apply(known.key, RevokeSessions(), "once")
        assert 0 == self.revocations(directory, known.key)


class TestDjangoMail(MessengerContract):
    channel = Channel.EMAIL

    @pytest.fixture
    def messenger(self):
        mail.outbox.clear()
        return DjangoMail()

    @pytest.fixture
    def broken(self):
        mail.outbox.clear()
        with mock.patch("django.core.mail.EmailMessage.send", side_effect=SMTPServerDisconnected):
            yield DjangoMail()

    def received(self, messenger):
        """By what a mailbox knows them again."""
        return sorted({each.message()["Message-ID"] for each in mail.outbox})
