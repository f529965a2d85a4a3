"""Django's users keep the contract of an account directory, and its mail that of a messenger; whom the views let in,
and what they answer when something fails."""

import os
from datetime import date
from smtplib import SMTPServerDisconnected
from types import ModuleType, SimpleNamespace
from unittest import mock

import django
import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "host.settings"
django.setup()

from django.conf import settings  # noqa: E402 - the apps are there now
from django.contrib.auth.models import Permission  # noqa: E402
from django.core import mail  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import (  # noqa: E402
    override_settings,
    setup_databases,
    setup_test_environment,
    teardown_databases,
)
from django.urls import path  # noqa: E402
from host import urls  # noqa: E402
from members.directory import MemberDirectory, Reconnected, civil  # noqa: E402
from members.mail import DjangoMail  # noqa: E402
from members.models import Member, Proof  # noqa: E402
from members.recovery import caller_of  # noqa: E402

from msa_recovery import Caller, Channel, ConfirmContacts, Recovery, Secret, UnknownAccount, compose  # noqa: E402
from msa_recovery.adapters.keyring import Keys  # noqa: E402
from msa_recovery.adapters.memory_store import MemoryStore  # noqa: E402
from msa_recovery.adapters.recording import RecordingMessenger  # noqa: E402
from msa_recovery.application.intents import ReplacePassword, RevokeSessions  # noqa: E402
from msa_recovery.domain.challenge import ChallengeKind  # noqa: E402
from msa_recovery.domain.identifiers import Nir  # noqa: E402
from msa_recovery.testing.contracts import AccountDirectoryContract, KnownAccount, MessengerContract  # noqa: E402
from msa_recovery.testing.people import EVERYBODY, IDENTITY_OF_MARIE, USUAL_PASSWORD  # noqa: E402
from msa_recovery.testing.tapped import Tapped, through  # noqa: E402

DAYS = [date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)]


@pytest.fixture(scope="session", autouse=True)
def _database():
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # quick: for tests only
        SESSION_COOKIE_SECURE=False,
        CSRF_COOKIE_SECURE=False,
    ):
        yield
    teardown_databases(made, verbosity=0)


@pytest.fixture
def marie():
    Member.objects.all().delete()
    account = EVERYBODY[0].account
    member = Member(
        username=account.identifiers[0].digits,
        civil_identity=civil(IDENTITY_OF_MARIE),
        postal_address="\n".join(account.postal_address),
    )
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


# -- connections -------------------------------------------------------------------------------------------------------


def test_a_thread_without_requests_gets_a_connection_that_works_again(marie):
    connection.ensure_connection()
    connection.connection.close()  # as a database server that is restarted would
    connection.errors_occurred = True
    assert Reconnected(MemberDirectory()).get(marie.key) == MemberDirectory().get(marie.key)


# -- views -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def host(monkeypatch):
    """The views on a recovery in memory: ``tap`` is in the line of its store and of its directory."""
    host = SimpleNamespace(tap=through, letters=RecordingMessenger(Channel.LETTER))

    def listen(call, go):
        return host.tap(call, go)

    host.recovery = compose(
        accounts=Tapped("accounts", MemberDirectory(), listen),
        keys=Keys.generate(),
        store=Tapped("store", MemoryStore(), listen),
        messengers={Channel.LETTER: host.letters},
    )
    for module in ("views", "admin"):
        monkeypatch.setattr(f"members.{module}.the_recovery", lambda: host.recovery)
    return host


@pytest.fixture
def browser():
    return Client(headers={"accept-language": "fr"})


def is_in(browser):
    return 'id="sign-out"' in browser.get("/").text


def test_a_secret_that_is_rotated_signs_nobody_out(marie, browser):
    browser.force_login(marie)
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert is_in(browser)
    with override_settings(SECRET_KEY="another"):
        assert is_in(browser), "it was given the hash by the secret of now"
    assert not is_in(browser)


@pytest.mark.parametrize("intent", [RevokeSessions(), ReplacePassword(Secret("Tournesol-bleu-47!"))])
def test_whoever_is_signed_out_by_a_recovery_stays_out_by_an_earlier_secret(marie, browser, intent):
    """R22."""
    browser.force_login(marie)
    assert is_in(browser)
    assert MemberDirectory().apply(marie.key, intent, "once")
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert not is_in(browser)


def broken(call, go):
    if call.port == "store":
        raise ConnectionError
    return go()


@pytest.mark.parametrize(
    ("method", "address", "fields"),
    [
        ("post", "/sign-in", {"password": USUAL_PASSWORD}),
        ("post", "/sign-in", {"password": "Ab3#efghijkn"}),
        ("post", "/forgotten", {}),
        ("get", "/step", {}),
        ("post", "/step", {"event": "go_back"}),
    ],
)
def test_every_view_is_unavailable_while_the_store_is(host, marie, browser, method, address, fields):
    host.tap = broken
    answer = getattr(browser, method)(address, {"identifier": marie.username, **fields})
    assert (503, "5") == (answer.status_code, answer.headers["Retry-After"])
    assert "Service momentanément indisponible" in answer.text


def test_a_view_that_forgot_its_decorator_is_unavailable_and_the_next_one_does_it(host, marie, browser):
    marie.contacts_to_confirm = True
    marie.save()
    reply = host.recovery.pending(marie.key, Caller())

    def forgot(request):
        host.recovery.send(reply.handle, ConfirmContacts(), caller_of(request))
        return HttpResponse("not reached")

    more = ModuleType("more_urls")
    vars(more)["urlpatterns"] = [*urls.urlpatterns, path("forgot", forgot)]
    with override_settings(ROOT_URLCONF=more):
        assert 503 == browser.get("/forgot").status_code
    assert Member.objects.get(pk=marie.pk).contacts_to_confirm
    browser.cookies["journey"] = reply.handle.reveal()
    assert 200 == browser.get("/step").status_code
    assert not Member.objects.get(pk=marie.pk).contacts_to_confirm


def test_an_account_that_is_closed_after_the_check_is_refused_as_a_wrong_password_is(host, marie, browser):
    wrong = browser.post("/sign-in", {"identifier": marie.username, "password": "wrong"})
    host.tap = lambda call, go: None if call.method == "get" else go()
    closed = browser.post("/sign-in", {"identifier": marie.username, "password": USUAL_PASSWORD})
    assert 401 == wrong.status_code == closed.status_code
    assert "Identifiant ou mot de passe incorrect." in closed.text
    assert not is_in(browser)


@pytest.mark.usefixtures("host", "marie")
def test_a_journey_whose_account_was_closed_is_gone(browser):
    with mock.patch.object(Recovery, "resume", side_effect=UnknownAccount):
        answer = browser.get("/step")
    assert 410 == answer.status_code
    assert "Cette demande n’est plus ouverte ici." in answer.text


# -- the agent's page --------------------------------------------------------------------------------------------------


def signed_in(browser, *permissions, **fields):
    """Somebody else, with these permissions."""
    somebody = Member.objects.create(username="somebody", **fields)
    somebody.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    browser.force_login(somebody)
    return somebody


def page_of(member):
    return f"/admin/members/member/{member.pk}/help/"


def test_an_agent_is_staff_with_the_permission_and_posts_a_letter(host, marie, browser):
    signed_in(browser, "view_member", "help_member", is_staff=True)
    assert "help_one" in browser.get("/admin/members/member/").text
    chosen = {"action": "help_one", "_selected_action": marie.pk}
    assert page_of(marie) == browser.post("/admin/members/member/", chosen).headers["Location"]
    done = browser.post(page_of(marie), {"do": "letter"}, follow=True)
    assert ["C'est fait."] == [str(each) for each in done.context["messages"]]
    host.recovery.relay()
    assert 1 == len(host.letters.messages())
    done = browser.post(page_of(marie), {"do": "unblock"}, follow=True)
    assert ["C'est fait."] == [str(each) for each in done.context["messages"]]


@pytest.mark.parametrize("permissions", [(), ("view_member", "change_member", "delete_member")])
def test_staff_without_the_permission_helps_nobody(host, marie, browser, permissions):
    signed_in(browser, *permissions, is_staff=True)
    assert "help_one" not in browser.get("/admin/members/member/").text
    assert 403 == browser.get(page_of(marie)).status_code
    assert 403 == browser.post(page_of(marie), {"do": "letter"}).status_code
    host.recovery.relay()
    assert () == tuple(host.letters.messages())


def test_whoever_is_not_staff_is_shown_the_way_to_sign_in(host, marie, browser):
    signed_in(browser, "view_member", "help_member")
    assert 302 == browser.post(page_of(marie), {"do": "letter"}).status_code
    host.recovery.relay()
    assert () == tuple(host.letters.messages())


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize("what", [{"is_active": False}, {"is_staff": True}])
def test_whom_the_recovery_does_not_know_no_agent_helps(marie, browser, what):
    """A closed account, and that of an agent: it would do nothing, and say that it is done."""
    Member.objects.filter(pk=marie.pk).update(**what)
    signed_in(browser, "view_member", "help_member", is_staff=True)
    assert 404 == browser.get(page_of(marie)).status_code
    for do in ("letter", "unblock"):
        assert 404 == browser.post(page_of(marie), {"do": do}).status_code
    chosen = {"action": "help_one", "_selected_action": marie.pk}
    told = browser.post("/admin/members/member/", chosen, follow=True)
    assert "Ce compte est fermé, ou c'est celui d'un agent" in str(next(iter(told.context["messages"])))


@pytest.mark.usefixtures("marie")
def test_nobody_adds_a_member_by_hand(browser):
    signed_in(browser, is_staff=True, is_superuser=True)
    assert 403 == browser.get("/admin/members/member/add/").status_code
    assert "/admin/members/member/add/" not in browser.get("/admin/members/member/").text
