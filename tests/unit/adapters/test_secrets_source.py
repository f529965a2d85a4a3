"""Where codes, temporary passwords, handles and ids come from."""

import base64
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import product

import pytest

from msa_recovery.adapters.secrets_source import SystemSecrets
from msa_recovery.domain.temporary import ALPHABET, DIGITS, LOWER, SPECIAL, UPPER, has_form

SEED = 20_260_329


def from_list(numbers: Iterable[int]) -> Callable[[int], int]:
    """A source that gives these numbers, and checks that each is below what was asked."""
    drawn = iter(numbers)

    def randbelow(limit: int) -> int:
        number = next(drawn)
        assert number < limit
        return number

    return randbelow


def counted_bytes(size: int) -> bytes:
    return bytes(range(size))


def chi_square(counts: Counter[str], cells: int) -> float:
    expected = counts.total() / cells
    return sum((count - expected) ** 2 for count in counts.values()) / expected + (cells - len(counts)) * expected


@pytest.mark.parametrize(("number", "code"), [(0, "0000"), (7, "0007"), (420, "0420"), (9999, "9999")])
def test_leading_zeros_of_a_code_are_kept(number: int, code: str) -> None:
    """R9."""
    assert code == SystemSecrets(randbelow=from_list([number])).code(4).reveal()


def test_every_code_comes_of_exactly_one_draw() -> None:
    """R9."""
    source = SystemSecrets(randbelow=from_list(range(1000)))
    assert [f"{number:03d}" for number in range(1000)] == [source.code(3).reveal() for _ in range(1000)]


def test_codes_are_uniform() -> None:
    """R9; 99 degrees of freedom, 148.2 is the 0.1 % quantile."""
    source = SystemSecrets(randbelow=random.Random(SEED).randrange)
    assert chi_square(Counter(source.code(2).reveal() for _ in range(20_000)), 100) < 148.2


def test_a_code_has_one_digit_at_least() -> None:
    with pytest.raises(ValueError, match="one digit or more"):
        SystemSecrets().code(0)


def test_a_temporary_password_has_the_form() -> None:
    assert has_form(SystemSecrets().temporary_password(12).reveal(), 12)


def _indexes(text: str) -> Iterator[int]:
    return map(ALPHABET.index, text)


@pytest.mark.parametrize("pattern", list(product((UPPER, LOWER, DIGITS, SPECIAL), repeat=4)))
def test_a_draw_is_kept_whole_or_thrown_away_whole(pattern: tuple[str, ...]) -> None:
    """R9; nothing is patched, so that each text which has the form is as likely as any other."""
    first, second = "".join(signs[3] for signs in pattern), "#9aA"
    source = SystemSecrets(randbelow=from_list([*_indexes(first), *_indexes(second)]))
    assert (first if len(set(pattern)) == 4 else second) == source.temporary_password(4).reveal()


def test_temporary_passwords_are_uniform_within_each_class() -> None:
    """R9; of the first characters, by inclusion and exclusion over their classes. 0.1 % quantiles."""
    source = SystemSecrets(randbelow=random.Random(SEED).randrange)
    firsts = Counter(source.temporary_password(4).reveal()[0] for _ in range(6_000))
    quantiles = {UPPER: 45.3, LOWER: 49.7, DIGITS: 24.3, SPECIAL: 26.1}
    measured = {signs: chi_square(Counter({s: firsts[s] for s in signs}), len(signs)) for signs in quantiles}
    assert [] == [signs for signs, quantile in quantiles.items() if measured[signs] >= quantile]


def test_each_class_begins_a_quarter_of_the_shortest_temporary_passwords() -> None:
    """R9; with four characters each place holds each class equally often. 3 degrees of freedom, 0.1 % quantile."""
    source = SystemSecrets(randbelow=random.Random(SEED).randrange)
    kind = {sign: signs for signs in (UPPER, LOWER, DIGITS, SPECIAL) for sign in signs}
    firsts = Counter(kind[source.temporary_password(4).reveal()[0]] for _ in range(6_000))
    assert chi_square(firsts, 4) < 16.3


def test_a_temporary_password_too_short_for_the_form_is_refused() -> None:
    with pytest.raises(ValueError, match="4 characters or more"):
        SystemSecrets().temporary_password(3)


def test_a_handle_is_256_bits_of_the_source() -> None:
    handle = SystemSecrets(token_bytes=counted_bytes).handle().reveal()
    assert bytes(range(32)) == base64.urlsafe_b64decode(handle + "=")


def test_a_handle_needs_no_quoting_in_a_url_or_a_cookie() -> None:
    handle = SystemSecrets(token_bytes=lambda size: b"\xfb\xff" * (size // 2)).handle().reveal()
    assert handle.replace("-", "").replace("_", "").isalnum()


def test_a_guess_id_is_128_bits_of_the_source() -> None:
    assert bytes(range(16)) == SystemSecrets(token_bytes=counted_bytes).guess_id()


def test_a_journey_id_is_128_bits_in_hexadecimal() -> None:
    assert "000102030405060708090a0b0c0d0e0f" == SystemSecrets(token_bytes=counted_bytes).journey_id()


@pytest.mark.parametrize(
    "draw",
    [
        lambda source: source.temporary_password(12).reveal(),
        lambda source: source.handle().reveal(),
        lambda source: source.guess_id(),
        lambda source: source.journey_id(),
        lambda source: source.code(30).reveal(),
    ],
    ids=["temporary_password", "handle", "guess_id", "journey_id", "code"],
)
def test_the_systems_source_never_draws_the_same_again(draw: Callable[[SystemSecrets], str | bytes]) -> None:
    source = SystemSecrets()
    assert len({draw(source) for _ in range(200)}) == 200
