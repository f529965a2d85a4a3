"""What ``make explore`` and ``make explore-full`` walk: every account variant, and two journeys, under each profile."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import evolve

from msa_recovery.domain.policy import Policy

from .setting import CAPS, FAMILIES, VARIANTS, Setting, capped, staggered

__all__ = ["PROFILES", "alike", "at_full_caps", "at_small_caps", "setting_named"]

PROFILES: Final[Mapping[str, Policy]] = {each.name: each for each in (Policy.msa(), Policy.strict(), Policy.testing())}
"""The named profiles."""

_NEWCOMER: Final = next(variant for variant in VARIANTS if variant.first_sign_in)
"""The variant with the most rows: asked a question first, reached by both channels, served by FranceConnect."""

_NEWCOMER_BY_SMS: Final = evolve(_NEWCOMER, usable=_NEWCOMER.usable[:1])


def at_small_caps(policy: Policy) -> Iterator[Setting]:
    """Every account variant at caps of 2; what needs more than one journey, or another account, at the least."""
    twos, ones = capped(policy, 2), capped(policy, 1)
    for variant in VARIANTS:
        yield Setting(twos, variant)
    # Of a code that bears one guess, so that another one may be sent after it was guessed at in vain.
    yield Setting(evolve(twos, name=f"{twos.name}-one-guess", guesses_per_code=1), _NEWCOMER_BY_SMS, past=True)
    yield Setting(staggered(policy), evolve(_NEWCOMER_BY_SMS, first_sign_in=False), past=True)
    yield Setting(ones, _NEWCOMER, another=True)
    yield Setting(ones, _NEWCOMER, changes=True)
    yield Setting(ones, _NEWCOMER_BY_SMS, journeys=2, ages=False)


def _of_family(policy: Policy, family: str) -> Policy:
    """The policy with the caps of this family as they are, and all others at 1."""
    own: dict[str, Any] = {name: getattr(policy, name) for name in FAMILIES[family]}
    return evolve(capped(policy, 1), name=f"{policy.name}-{family}", **own)


def at_full_caps(policy: Policy) -> Iterator[Setting]:
    """Every account variant at the caps of the policy; two journeys, of which all counts together have no end, at the
    caps of one family after the other."""
    for variant in VARIANTS:
        yield Setting(policy, variant)
    yield Setting(policy, _NEWCOMER, past=True)
    yield Setting(policy, _NEWCOMER, another=True)
    yield Setting(policy, _NEWCOMER, changes=True)
    for family in FAMILIES:
        yield Setting(_of_family(policy, family), _NEWCOMER_BY_SMS, journeys=2, ages=False)


def alike(setting: Setting) -> tuple[object, ...]:
    """What the states of a setting depend on: of the policy the caps alone, not its name and its lengths of time."""
    return (*(getattr(setting.policy, name) for name in CAPS), evolve(setting, policy=Policy.msa()))


def setting_named(name: str) -> Setting:
    """The setting of that name among those that are walked.

    Raises:
        LookupError: there is none.
    """
    for policy in PROFILES.values():
        for setting in (*at_small_caps(policy), *at_full_caps(policy)):
            if setting.name == name:
                return setting
    raise LookupError(f"no setting is called {name!r}")
