"""An exception says by its class whose fault it is, and shows nothing that was typed."""

import pytest

from msa_recovery.domain.errors import CallerError, ChartError, NotText, PolicyError, RecoveryError


def test_what_is_no_text_is_the_caller_s_fault() -> None:
    assert isinstance(NotText("code", 42), CallerError)


def test_it_names_the_field_and_the_type() -> None:
    assert "code: a str, not int" == str(NotText("code", 42))


def test_it_never_shows_what_was_given() -> None:
    """R54: it may be a password in bytes."""
    assert "hunter2" not in repr(NotText("password", b"hunter2"))


@pytest.mark.parametrize(
    ("error", "usual"),
    [(NotText("code", 42), TypeError), (PolicyError("code_digits", "too few"), ValueError)],
    ids=["NotText", "PolicyError"],
)
def test_who_expects_python_s_own_exception_catches_it(error: Exception, usual: type[Exception]) -> None:
    assert isinstance(error, usual)


@pytest.mark.parametrize("error", [CallerError, ChartError, NotText, PolicyError])
def test_one_class_catches_all_that_is_raised_on_purpose(error: type[Exception]) -> None:
    assert issubclass(error, RecoveryError)


def test_a_bad_policy_is_not_reported_as_a_bad_call() -> None:
    """It is found when the policy is made, not when somebody recovers."""
    assert not issubclass(PolicyError, CallerError)
