"""What a source of secrets must keep to."""

import re
from collections.abc import Callable
from typing import Final

import pytest

from msa_recovery.application.ports import Secrets
from msa_recovery.domain.temporary import has_form

from .port import SIDES, PortContract

__all__ = ["SecretsContract"]

_COOKIE: Final = re.compile(r"[A-Za-z0-9_-]+")
_BITS_A_SIGN: Final = 6

_DRAWS: Final[dict[str, Callable[[Secrets], str | bytes]]] = {
    "code": lambda secrets: secrets.code(30).reveal(),
    "temporary_password": lambda secrets: secrets.temporary_password(12).reveal(),
    "handle": lambda secrets: secrets.handle().reveal(),
    "guess_id": lambda secrets: secrets.guess_id(),
    "journey_id": lambda secrets: secrets.journey_id(),
}


class SecretsContract(PortContract):
    """Override the fixture ``secrets``. That its source is unpredictable, no test can show."""

    @pytest.fixture
    def secrets(self) -> Secrets:
        """The source."""
        raise NotImplementedError("override the fixture `secrets`")

    @pytest.mark.parametrize("digits", [4, 6, 12])
    def test_a_code_is_so_many_ascii_digits(self, secrets: Secrets, digits: int) -> None:
        """``code``: so many decimal digits."""
        assert re.fullmatch(rf"[0-9]{{{digits}}}", secrets.code(digits).reveal())

    def test_leading_zeros_are_kept(self, secrets: Secrets) -> None:
        """``code``: leading zeros kept (R9). All of 600 without one: once in 10**27 runs."""
        assert any(secrets.code(4).reveal().startswith("0") for _ in range(600))

    def test_every_digit_comes_first(self, secrets: Secrets) -> None:
        """``code``: uniform (R9). One of ten missing in 900: once in 10**40 runs."""
        assert set("0123456789") == {secrets.code(4).reveal()[0] for _ in range(900)}

    @pytest.mark.parametrize("length", [12, 13, 64])
    def test_a_temporary_password_has_its_form(self, secrets: Secrets, length: int) -> None:
        """``temporary_password``: of the form that ``domain/temporary.py`` describes."""
        assert [] == [
            password
            for password in (secrets.temporary_password(length) for _ in range(50))
            if not has_form(password.reveal(), length)
        ]

    def test_a_handle_fits_a_cookie(self, secrets: Secrets) -> None:
        """``handle``: safe in a cookie."""
        assert _COOKIE.fullmatch(secrets.handle().reveal())

    def test_a_handle_has_room_for_128_bits(self, secrets: Secrets) -> None:
        """``handle``: at least 128 bits (R34)."""
        assert len(secrets.handle().reveal()) * _BITS_A_SIGN >= 128

    def test_a_guess_id_has_128_bits(self, secrets: Secrets) -> None:
        """``guess_id``: 128 bits."""
        assert 16 == len(secrets.guess_id())

    def test_a_journey_id_has_room_for_128_bits(self, secrets: Secrets) -> None:
        """``journey_id``: 128 bits as text."""
        assert len(secrets.journey_id()) * _BITS_A_SIGN >= 128

    @pytest.mark.parametrize("draw", _DRAWS.values(), ids=_DRAWS.keys())
    def test_nothing_is_drawn_twice(self, secrets: Secrets, draw: Callable[[Secrets], str | bytes]) -> None:
        """Uniform, unpredictable: among 500 of 70 bits or more, no two are alike; threads included."""

        def many() -> list[str | bytes]:
            return [draw(secrets) for _ in range(500 // SIDES)]

        drawn = [one for each in self.together([many] * SIDES) for one in each]
        assert len(drawn) == len(set(drawn))
