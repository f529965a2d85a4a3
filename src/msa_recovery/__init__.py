"""msa_recovery: the account-recovery journey of the MSA (*Mot de passe oublié*), for other Python services to import.

``compose`` makes a :class:`Recovery` (or ``compose_async`` an :class:`AsyncRecovery`); its calls answer with a
:class:`Reply`, whose ``view`` is all that a host may show. What a person sends is one of the inputs below.
"""

from .application.async_recovery import AsyncRecovery
from .application.async_relay_loop import AsyncRelay
from .application.caller import Caller, Language, Origin
from .application.errors import (
    CallerError,
    Contended,
    EventNotAccepted,
    InfrastructureError,
    JourneyFinished,
    NotADeadLetter,
    NotAnAgent,
    NotForAgents,
    SecretOfNoUse,
    UnknownAccount,
    UnknownHandle,
    UnknownMessage,
)
from .application.recovery import Recovery
from .application.relay_loop import Relay
from .application.reply import Reply
from .compose import compose, compose_async
from .domain.account import AccountKey, Channel
from .domain.errors import PolicyError, RecoveryError
from .domain.events import Abandon, ConfirmContacts, EventName, GoBack, ResendCode, UseFranceConnect
from .domain.helpdesk import Helpdesk
from .domain.inputs import (
    AnswerChallenge,
    ChooseChannel,
    ChoosePassword,
    EditContact,
    Identify,
    Input,
    OrderLetter,
    ProvePassword,
    SignIn,
    SubmitCode,
)
from .domain.journey import State
from .domain.passwords import PasswordRule, Strength
from .domain.policy import Policy
from .domain.problem import Problem, ProblemCode
from .domain.secret import Secret
from .domain.view import View

__all__ = [
    "Abandon",
    "AccountKey",
    "AnswerChallenge",
    "AsyncRecovery",
    "AsyncRelay",
    "Caller",
    "CallerError",
    "Channel",
    "ChooseChannel",
    "ChoosePassword",
    "ConfirmContacts",
    "Contended",
    "EditContact",
    "EventName",
    "EventNotAccepted",
    "GoBack",
    "Helpdesk",
    "Identify",
    "InfrastructureError",
    "Input",
    "JourneyFinished",
    "Language",
    "NotADeadLetter",
    "NotAnAgent",
    "NotForAgents",
    "OrderLetter",
    "Origin",
    "PasswordRule",
    "Policy",
    "PolicyError",
    "Problem",
    "ProblemCode",
    "ProvePassword",
    "Recovery",
    "RecoveryError",
    "Relay",
    "Reply",
    "ResendCode",
    "Secret",
    "SecretOfNoUse",
    "SignIn",
    "State",
    "Strength",
    "SubmitCode",
    "UnknownAccount",
    "UnknownHandle",
    "UnknownMessage",
    "UseFranceConnect",
    "View",
    "compose",
    "compose_async",
]
