"""What a step is told besides the case and the event: the evidence, as the shell would gather it."""

from typing import Final, final

from msa_recovery.domain.account import Channel
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.events import Naming
from msa_recovery.domain.ledger import OriginTag
from msa_recovery.domain.situation import Context, Evidence, Guess

from .abstraction import CODE, PASSWORD, JourneyKey, Space
from .inputs import Input
from .moment import NOW
from .setting import Setting

__all__ = ["Contexts"]

_ORIGINS: Final = (OriginTag("here"), OriginTag("elsewhere"))
_KINDS: Final = {Channel.SMS: ContactKind.MOBILE, Channel.EMAIL: ContactKind.EMAIL}


@final
class Contexts:
    """Each context is made once. A journey's place says where its person calls from."""

    def __init__(self, setting: Setting, space: Space) -> None:
        self._policy = setting.policy
        self._space = space
        self._held = frozenset(_KINDS[c] for c in (*setting.variant.usable, *setting.variant.quarantined))
        self._contexts: dict[tuple[object, ...], Context] = {}

    def of(
        self, each: Input, key: JourneyKey, whose: int, guess: Guess, ledger: int, *, genuine: bool = True
    ) -> Context:
        """What is known of an event: an account that has changed since is looked at as its decoy, until the sign-in."""
        quarantined = self._space.ledger_keys[ledger].quarantined
        if key.changed and not isinstance(each.event, Naming):
            genuine = False
        which = (
            each.label,
            key.slot,
            whose,
            quarantined,
            genuine,
            guess.verdict,
            guess.id,
            guess.retry_at,
            guess.channel,
        )
        context = self._contexts.get(which)
        if context is None:
            evidence = Evidence(
                profile=self._space.profile(whose, quarantined=quarantined, genuine=genuine),
                guess=guess,
                fresh_code=CODE,
                fresh_password=PASSWORD,
                broken_rules=each.broken_rules,
                held=self._held,
                sealed_edit=b"sealed",
            )
            origin = _ORIGINS[key.slot]
            context = self._contexts[which] = Context(NOW, self._policy, origin, each.agent, evidence)
        return context
