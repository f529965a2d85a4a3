"""What a person is told when an event was not followed by what they hoped for.

A problem is data, never an exception and never a sentence: hosts find the sentence by the code in a catalogue.
"""

from datetime import datetime
from enum import StrEnum
from typing import final

from attrs import frozen

__all__ = ["Problem", "ProblemCode"]


@final
class ProblemCode(StrEnum):
    """Stable codes. They are part of the public interface: one is added, never renamed."""

    # What was typed cannot be read (nothing was counted or compared).
    TEXT_MISSING = "text_missing"
    TEXT_TOO_LONG = "text_too_long"
    IDENTIFIER_CHARACTERS = "identifier_characters"
    IDENTIFIER_LENGTH = "identifier_length"
    NIR_SEX = "nir_sex"
    NIR_TEMPORARY = "nir_temporary"
    NIR_MIGRANT = "nir_migrant"
    NIR_MONTH = "nir_month"
    NIR_DEPARTMENT = "nir_department"
    NIR_COMMUNE = "nir_commune"
    NIR_ORDER = "nir_order"
    NIR_KEY = "nir_key"
    SIRET_CHECKSUM = "siret_checksum"
    CHANNEL_UNKNOWN = "channel_unknown"
    CHALLENGE_UNKNOWN = "challenge_unknown"
    AMOUNT_FORM = "amount_form"
    AMOUNT_DECIMALS = "amount_decimals"
    AMOUNT_NOT_POSITIVE = "amount_not_positive"
    AMOUNT_TOO_LARGE = "amount_too_large"
    VITALE_SERIAL_FORM = "vitale_serial_form"
    CODE_FORM = "code_form"
    PASSWORD_CHARACTERS = "password_characters"  # noqa: S105 - a code, not a password
    TEMPORARY_PASSWORD_FORM = "temporary_password_form"  # noqa: S105 - a code, not a password
    CONTACT_KIND_UNKNOWN = "contact_kind_unknown"
    EMAIL_FORM = "email_form"
    PHONE_FORM = "phone_form"
    PHONE_EXTENSION = "phone_extension"
    PHONE_NOT_FRENCH = "phone_not_french"
    PHONE_NOT_MOBILE = "phone_not_mobile"
    PHONE_NOT_LANDLINE = "phone_not_landline"

    # What was asked is not possible, or not yet.
    CHALLENGE_NOT_OFFERED = "challenge_not_offered"
    CHANNEL_NOT_OFFERED = "channel_not_offered"
    SEND_TOO_SOON = "send_too_soon"
    SENDS_SPENT_FOR_NOW = "sends_spent_for_now"
    CODE_ALREADY_LIVE = "code_already_live"
    CODE_NOT_LIVE = "code_not_live"
    CODE_WRONG = "code_wrong"
    CODE_WRONG_AND_DEAD = "code_wrong_and_dead"
    LETTER_UNDER_WAY = "letter_under_way"
    LETTERS_SPENT = "letters_spent"
    FRANCECONNECT_REFUSED = "franceconnect_refused"
    FRANCECONNECT_INDIVIDUALS_ONLY = "franceconnect_individuals_only"
    SIGN_IN_MUST_WAIT = "sign_in_must_wait"
    SIGN_IN_WRONG = "sign_in_wrong"
    CURRENT_PASSWORD_MUST_WAIT = "current_password_must_wait"  # noqa: S105 - a code, not a password
    CURRENT_PASSWORD_WRONG = "current_password_wrong"  # noqa: S105 - a code, not a password
    PASSWORD_REFUSED = "password_refused"  # noqa: S105 - a code, not a password
    CONTACT_LAST_ONE = "contact_last_one"


@final
@frozen
class Problem:
    """One thing to put right.

    Attributes:
        code: what is wrong; the stable key of the sentence.
        field: the input beside which the sentence belongs (``identifier``, ``code`` ...), or ``None``.
        retry_at: when the same request can succeed (aware, UTC), or ``None`` when time does not help.
        limit: the number that the sentence names, with the unit that the code implies (characters, guesses left ...).
        reasons: for ``PASSWORD_REFUSED`` each rule that does not hold, all at once (R42); else empty.
    """

    code: ProblemCode
    field: str | None = None
    retry_at: datetime | None = None
    limit: int | None = None
    reasons: tuple[str, ...] = ()
