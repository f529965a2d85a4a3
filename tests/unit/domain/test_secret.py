"""A secret is shown to nobody who does not ask for it (R54)."""

import copy
import pickle
import traceback

import pytest

from msa_recovery.domain.errors import NotText
from msa_recovery.domain.secret import Secret

TEXT = "Brouette-7-bleue"


def test_reveal_gives_the_text() -> None:
    assert TEXT == Secret(TEXT).reveal()


@pytest.mark.parametrize("value", [None, 42, b"0042", ["0042"], Secret("0042")], ids=repr)
def test_what_is_no_text_is_no_secret(value: object) -> None:
    """R35"""
    with pytest.raises(NotText):
        Secret(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(repr(Secret(TEXT)), id="repr"),
        pytest.param(str(Secret(TEXT)), id="str"),
        pytest.param(f"{Secret(TEXT)}", id="format"),
        pytest.param(f"{Secret(TEXT)!r}", id="format, repr"),
        pytest.param(f"{Secret(TEXT):>40}", id="format with a width"),
        pytest.param("%s" % Secret(TEXT), id="percent"),  # noqa: UP031
        pytest.param(repr([Secret(TEXT)]), id="within a list"),
        pytest.param(str(ValueError(Secret(TEXT))), id="within an exception"),
    ],
)
def test_whatever_prints_a_secret_prints_the_same_nothing(shown: str) -> None:
    """R54"""
    assert "<secret>" == shown.strip("[] ")


def test_a_traceback_with_the_values_of_its_variables_does_not_show_it() -> None:
    """R54"""

    def fails(secret: Secret) -> None:
        raise ValueError(secret)

    with pytest.raises(ValueError, match="<secret>") as raised:
        fails(Secret(TEXT))
    shown = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    assert TEXT not in "".join(shown.format())


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_cannot_be_pickled(protocol: int) -> None:
    """R54"""
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(Secret(TEXT), protocol)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_secret_cannot_be_copied(copied: object) -> None:
    """R54"""
    assert callable(copied)
    with pytest.raises(TypeError, match="never pickled or copied"):
        copied(Secret(TEXT))


def test_a_secret_cannot_be_hashed() -> None:
    """Else a set of them would be a store of them."""
    with pytest.raises(TypeError, match="unhashable"):
        hash(Secret(TEXT))


@pytest.mark.parametrize("text", ["", TEXT, "0042", "é", "\ud800", "\x00"])
def test_two_secrets_of_the_same_text_are_equal(text: str) -> None:
    assert Secret(text) == Secret(text)


@pytest.mark.parametrize("other", ["0043", "042", "00420", "", "０042", "\ud800"])
def test_two_secrets_of_different_texts_are_not(other: str) -> None:
    assert Secret("0042") != Secret(other)


def test_a_secret_does_not_equal_its_text() -> None:
    assert Secret("0042") != "0042"
