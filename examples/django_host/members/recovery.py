"""The recovery of this host."""

from functools import cache

from django.conf import settings

from msa_recovery import Caller, Channel, Language, Origin, compose
from msa_recovery.adapters.console import ConsoleMessenger
from msa_recovery.adapters.keyring import read_keys

from .directory import MemberDirectory
from .mail import DjangoMail


@cache
def the_recovery():
    """The one of every view."""
    return composed(MemberDirectory())


def composed(accounts):
    """Its store is a file of its own: what it commits stays, whatever becomes of the request's transaction."""
    console = ConsoleMessenger(lambda message: print(message, end="\n\n", flush=True))  # an SMS gateway, a letter spool
    return compose(
        accounts=accounts,
        keys=read_keys(settings.RECOVERY_KEYS),
        store=settings.RECOVERY_STORE,
        messengers={Channel.EMAIL: DjangoMail(), Channel.SMS: console, Channel.LETTER: console},
    )


def caller_of(request, *, agent=False):
    """What only the host knows. Behind a proxy of yours, a middleware of yours must set ``REMOTE_ADDR``."""
    return Caller(
        origin=Origin(request.META["REMOTE_ADDR"]),
        language=language_of(request),
        request_id=request.POST.get("request_id", "")[:128] or None,
        agent=agent,
    )


def language_of(request):
    return Language.EN if request.LANGUAGE_CODE.startswith("en") else Language.FR
