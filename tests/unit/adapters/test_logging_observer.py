"""What the log of a host has of each fact: one line, structured, of nobody by name."""

import logging

import pytest
from attrs import evolve

from msa_recovery.adapters.logging_observer import LoggingObserver
from msa_recovery.application.facts import AuditRow
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.testing.people import NEW_PASSWORD, NIR_OF_MARIE, START
from tests.support.house import House

FACT = Fact(FactName.ROW_FIRED, "confirming_code.submit_code.3", ProblemCode.CODE_WRONG)
ROW = AuditRow(START, "abc", "0123", FACT)


def logged(caplog: pytest.LogCaptureFixture, row: AuditRow) -> logging.LogRecord:
    with caplog.at_level(logging.INFO):
        LoggingObserver().observe(row)
    (record,) = caplog.records
    return record


def test_a_fact_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    line = f"fact=row_fired row={FACT.row} reason=code_wrong account=abc journey=0123 at={START.isoformat()}"
    assert line == logged(caplog, ROW).getMessage()


def test_a_structured_handler_finds_the_fields(caplog: pytest.LogCaptureFixture) -> None:
    record = logged(caplog, ROW)
    assert {
        "recovery_fact": "row_fired",
        "recovery_row": FACT.row,
        "recovery_reason": "code_wrong",
        "recovery_account": "abc",
        "recovery_journey": "0123",
        "recovery_at": START.isoformat(),
    } == {name: value for name, value in vars(record).items() if name.startswith("recovery_")}


def test_no_fact_can_forge_a_line(caplog: pytest.LogCaptureFixture) -> None:
    """R53."""
    record = logged(caplog, evolve(ROW, account="abc\nfact=forged\u2028\x1b[31m"))
    assert record.getMessage().isprintable()
    assert "abc?fact=forged??[31m" == vars(record)["recovery_account"]


@pytest.mark.parametrize("name", FactName)
def test_what_somebody_should_look_at_is_a_warning(caplog: pytest.LogCaptureFixture, name: FactName) -> None:
    alarming = name in (
        FactName.SIGN_IN_ALARM,
        FactName.SPRAY_ALARM,
        FactName.INTENT_REFUSED,
        FactName.MESSAGE_FAILED,
        FactName.MESSAGE_LOST,
    )
    assert alarming is (logged(caplog, evolve(ROW, fact=Fact(name))).levelno == logging.WARNING)


def test_a_host_may_say_which_logger(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        LoggingObserver(logging.getLogger("ours")).observe(ROW)
    assert ["ours"] == [record.name for record in caplog.records]


def test_no_identifier_and_no_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """R49."""
    house = House(observers=(LoggingObserver(),))
    with caplog.at_level(logging.INFO):
        house.at_contacts()
    said = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    secrets = (NIR_OF_MARIE, NIR_OF_MARIE.replace(" ", ""), house.password, NEW_PASSWORD)
    assert [] == [secret for secret in secrets if secret in said]
