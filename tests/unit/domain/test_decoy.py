"""An unknown identifier looks like some account, always the same, and like each kind of account now and then (R13)."""

import hashlib
import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.domain.account import MATRIX, POSTAL, AccountType, Channel, IdentifierKind, Profile, Pseudonym
from msa_recovery.domain.contacts import EmailAddress, PhoneNumber, mask
from msa_recovery.domain.decoy import decoy
from msa_recovery.domain.policy import DecoyWeights
from tests.support.cases import MSA

DRAWN = 4_000
NAME = Pseudonym("nobody")


def seed(number: int) -> bytes:
    """Stands in for 32 keyed bytes."""
    return hashlib.sha256(str(number).encode()).digest()


MANY: dict[IdentifierKind, list[Profile]] = {
    kind: [decoy(seed(number), kind, NAME, MSA) for number in range(DRAWN)] for kind in IdentifierKind
}
"""Always the same draws: these tests never fail by chance."""


def electronic(profile: Profile) -> frozenset[Channel]:
    return frozenset(way.channel for way in profile.ways) - {Channel.LETTER}


# -- one decoy ---------------------------------------------------------------------------------------------------------


def test_an_identifier_looks_the_same_today_and_in_the_next_version() -> None:
    """R13: a second try tells no more than the first; another look would tell a decoy from an account."""
    shown = decoy(seed(7), IdentifierKind.NIR, NAME, MSA)
    masks = ["06 •• •• •• 36", "c•••••@e•••••.net", ""]
    assert (AccountType.INDIVIDUAL, False, masks) == (shown.type, shown.first_sign_in, [way.mask for way in shown.ways])


@pytest.mark.parametrize(
    ("kind", "looks"),
    [
        (IdentifierKind.NIR, "ecfc90f406af57c9d2d81f053e05c8bf"),
        (IdentifierKind.SIRET, "da3c5c7378c07bb20c2a10cb62ab5ff4"),
    ],
    ids=str,
)
def test_none_of_many_identifiers_looks_otherwise_in_the_next_version(kind: IdentifierKind, looks: str) -> None:
    """R13: whoever changes what this digest is over lets two looks at one identifier be compared."""
    said = hashlib.sha256()
    for profile in MANY[kind]:
        ways = [(way.channel.value, way.contact, way.fingerprint.hex(), way.mask) for way in profile.ways]
        said.update(repr((profile.type.value, profile.first_sign_in, ways)).encode())
    assert looks == said.hexdigest()[:32]


def test_a_decoy_is_none_of_the_directory_s_accounts() -> None:
    assert not decoy(seed(1), IdentifierKind.NIR, NAME, MSA).genuine


def test_a_decoy_has_the_ledger_of_its_identifier() -> None:
    assert NAME is decoy(seed(1), IdentifierKind.NIR, NAME, MSA).pseudonym


@pytest.mark.parametrize("kind", IdentifierKind)
def test_every_decoy_can_be_written_to_by_post_last_of_all(kind: IdentifierKind) -> None:
    """As every account can: and without a mask, as theirs."""
    assert {(Channel.LETTER, POSTAL, "")} == {
        (profile.ways[-1].channel, profile.ways[-1].contact, profile.ways[-1].mask) for profile in MANY[kind]
    }


@pytest.mark.parametrize("kind", IdentifierKind)
def test_ways_stand_in_the_order_of_an_account_s(kind: IdentifierKind) -> None:
    order = (Channel.SMS, Channel.EMAIL, Channel.LETTER)
    for profile in MANY[kind]:
        held = tuple(way.channel for way in profile.ways)
        assert tuple(channel for channel in order if channel in held) == held


@pytest.mark.parametrize("kind", IdentifierKind)
def test_no_decoy_is_in_quarantine(kind: IdentifierKind) -> None:
    """A contact that cannot be used yet would show as a missing one: that profile occurs among decoys anyway."""
    assert {None} == {way.usable_from for profile in MANY[kind] for way in profile.ways}


# -- masks -------------------------------------------------------------------------------------------------------------


def shape(text: str) -> str:
    """A mask with its digits and letters hidden."""
    return "".join("9" if each.isdigit() else "a" if each.isalpha() else each for each in text)


@pytest.mark.parametrize(
    ("channel", "genuine"),
    [
        (Channel.SMS, [PhoneNumber("+33612345612"), PhoneNumber("+262692123456"), PhoneNumber("+687751234")]),
        (
            Channel.EMAIL,
            [
                EmailAddress(f"{first}@{domain}.{ending}")
                for first in ("marie", "2marie")
                for domain in ("exemple", "9exemple")
                for ending in ("fr", "com", "museum")
            ],
        ),
    ],
)
def test_masks_have_the_shape_of_real_ones(channel: Channel, genuine: list[Any]) -> None:
    """R13"""
    shown = {shape(way.mask) for each in MANY[IdentifierKind.NIR] for way in each.ways if way.channel is channel}
    assert shown <= {shape(mask(contact)) for contact in genuine}


def test_masks_of_numbers_are_those_of_mobiles() -> None:
    """R13: those of the Pacific too, which have no leading zero."""
    shown = {way.mask[:2] for each in MANY[IdentifierKind.NIR] for way in each.ways if way.channel is Channel.SMS}
    assert {"06", "07", "••"} == shown


@pytest.mark.parametrize("place", [0, 7], ids=["name", "domain"])
def test_every_letter_of_an_address_occurs(place: int) -> None:
    """R13: a letter that no decoy has would prove an account."""
    shown = {way.mask[place] for each in MANY[IdentifierKind.NIR] for way in each.ways if way.channel is Channel.EMAIL}
    assert {*"abcdefghijklmnopqrstuvwxyz•"} == shown


def test_every_ending_of_an_address_occurs() -> None:
    """R13"""
    masks = [way.mask for each in MANY[IdentifierKind.NIR] for way in each.ways if way.channel is Channel.EMAIL]
    assert {"fr", "com", "net", "org", "eu", "re", "••"} == {shown.rpartition(".")[2] for shown in masks}


def test_every_ending_of_a_number_occurs() -> None:
    shown = {way.mask[-2:] for each in MANY[IdentifierKind.NIR] for way in each.ways if way.channel is Channel.SMS}
    assert {f"{number:02}" for number in range(100)} == shown


# -- many decoys -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", IdentifierKind)
def test_every_decoy_obeys_the_matrix(kind: IdentifierKind) -> None:
    """R48"""
    assert all(kind in MATRIX[profile.type].identifiers for profile in MANY[kind])


@pytest.mark.parametrize("kind", IdentifierKind)
def test_every_profile_of_the_matrix_occurs(kind: IdentifierKind) -> None:
    """R13, invariant 9: with equal weights each of them soon does."""
    types = [type_ for type_, rules in MATRIX.items() if kind in rules.identifiers]
    channels = list(MSA.decoys[kind].channels)
    even = DecoyWeights(types=dict.fromkeys(types, 1), first_sign_in=50, channels=dict.fromkeys(channels, 1))
    policy = evolve(MSA, decoys={**MSA.decoys, kind: even})
    drawn = [decoy(seed(number), kind, NAME, policy) for number in range(1_000)]
    expected = {(type_, first, held) for type_ in types for first in (True, False) for held in channels}
    assert expected == {(each.type, each.first_sign_in, electronic(each)) for each in drawn}


DRAWS: list[tuple[str, Callable[[Profile], object], Callable[[DecoyWeights], dict[Any, int]]]] = [
    ("type", lambda profile: profile.type, lambda weights: dict(weights.types)),
    (
        "first sign-in",
        lambda profile: profile.first_sign_in,
        lambda weights: {True: weights.first_sign_in, False: 100 - weights.first_sign_in},
    ),
    ("channels", electronic, lambda weights: dict(weights.channels)),
]


@pytest.mark.parametrize("kind", IdentifierKind)
@pytest.mark.parametrize(("name", "drawn", "weights"), DRAWS, ids=[name for name, _, _ in DRAWS])
def test_profiles_occur_as_often_as_the_policy_says(
    kind: IdentifierKind,
    name: str,
    drawn: Callable[[Profile], object],
    weights: Callable[[DecoyWeights], dict[Any, int]],
) -> None:
    """Within four standard deviations of the binomial."""
    counts, wanted = Counter(drawn(profile) for profile in MANY[kind]), weights(MSA.decoys[kind])
    total = sum(wanted.values())
    assert set(wanted) == set(counts)
    for value, weight in wanted.items():
        share = weight / total
        assert abs(counts[value] - DRAWN * share) <= 4 * math.sqrt(DRAWN * share * (1 - share)), value


def test_the_draws_do_not_follow_each_other() -> None:
    """Else the type would tell the channels: each draw takes bytes of its own."""
    individuals = [each for each in MANY[IdentifierKind.NIR] if each.type is AccountType.INDIVIDUAL]
    others = [each for each in MANY[IdentifierKind.NIR] if each.type is not AccountType.INDIVIDUAL]
    shares = [sum(each.first_sign_in for each in some) / len(some) for some in (individuals, others)]
    assert abs(shares[0] - shares[1]) < 4 * math.sqrt(0.3 * 0.7 * (1 / len(individuals) + 1 / len(others)))
