"""How e-mail addresses and phone numbers are read, hidden and shown (R12, R50)."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber, mask, parse_contact, pretty
from msa_recovery.domain.problem import Problem, ProblemCode
from tests.support.endless import Endless

PHONES = (ContactKind.MOBILE, ContactKind.LANDLINE, ContactKind.FAX)


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        pytest.param("marie@exemple.fr", "marie@exemple.fr", id="plain"),
        pytest.param(" \u00a0marie@exemple.fr\t", "marie@exemple.fr", id="spaces around"),
        pytest.param("marie@Exemple.FR", "marie@exemple.fr", id="domain in capitals"),
        pytest.param("Marie.Durand+msa@exemple.fr", "Marie.Durand+msa@exemple.fr", id="local part as it is"),
        pytest.param("marie@société.fr", "marie@xn--socit-esab.fr", id="international domain"),
        pytest.param("marie@XN--SOCIT-ESAB.fr", "marie@xn--socit-esab.fr", id="international domain, encoded"),
        pytest.param("marie@ZA.fr", "marie@za.fr", id="the first and the last letter"),
    ],
)
def test_an_email_address_is_kept_in_one_form(text: str, normalised: str) -> None:
    """R12"""
    assert EmailAddress(normalised) == parse_contact(ContactKind.EMAIL, text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("marie@\u212aelvin.fr", id="Kelvin sign for K"),
        pytest.param("marie@m\uff53a.fr", id="full-width letter"),
        pytest.param("marie@m\u017fa.fr", id="long s"),
        pytest.param("marie@msa\u3002fr", id="ideographic full stop"),
        pytest.param("marie@m\u00adsa.fr", id="soft hyphen"),
        pytest.param("marie@m\u200bsa.fr", id="zero-width space"),
        pytest.param("mar\u0131e@exemple.fr", id="dotless i before the @"),
        pytest.param("mi\u212ae@exemple.fr", id="Kelvin sign before the @"),
        pytest.param("marie\uff20exemple.fr", id="full-width @"),
    ],
)
def test_a_look_alike_is_never_read_as_its_ascii_twin(text: str) -> None:
    """R12, CVE-2019-19844"""
    assert Problem(ProblemCode.EMAIL_FORM, "email") == parse_contact(ContactKind.EMAIL, text)


def test_a_cyrillic_twin_is_another_address() -> None:
    """R12, CVE-2019-19844"""
    assert EmailAddress("marie@xn--ma-omc.fr") == parse_contact(ContactKind.EMAIL, "marie@m\u0441a.fr")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("marie", id="no @"),
        pytest.param("marie@exemple", id="no dot"),
        pytest.param("marie@@exemple.fr", id="two @"),
        pytest.param("marie@exemple..fr", id="empty label"),
        pytest.param("marie durand@exemple.fr", id="space inside"),
        pytest.param("marie@exemple.fr\n", id="newline at the end"),
        pytest.param("marie@exemple.fr\r\nBcc: eve@exemple.fr", id="another header"),
        pytest.param("mar\x00ie@exemple.fr", id="control character"),
        pytest.param("marie@exemple.fr\u2028", id="line separator"),
        pytest.param("marie@exemple.fr,eve@exemple.fr", id="two addresses"),
        pytest.param("Marie <marie@exemple.fr>", id="display name"),
        pytest.param('"marie"@exemple.fr', id="quoted"),
        pytest.param("marie@[192.0.2.1]", id="address of a machine"),
        pytest.param("marie@localhost.local", id="name of a local network"),
        pytest.param("marie@\ud800.fr", id="lone surrogate"),
        pytest.param("hélène@exemple.fr", id="accent before the @: most relays cannot carry it"),
    ],
)
def test_what_cannot_be_written_to_is_refused(text: str) -> None:
    """R12"""
    assert Problem(ProblemCode.EMAIL_FORM, "email") == parse_contact(ContactKind.EMAIL, text)


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        pytest.param("0612345678", "+33612345678", id="national"),
        pytest.param("06 12 34 56 78", "+33612345678", id="in pairs"),
        pytest.param("06.12.34.56.78", "+33612345678", id="dots"),
        pytest.param("06-12-34-56-78", "+33612345678", id="dashes"),
        pytest.param("06\u00a012\u202f34\u00a056\u202f78", "+33612345678", id="no-break spaces"),
        pytest.param("\u202a+33 6 12 34 56 78\u202c", "+33612345678", id="direction marks of an address book"),
        pytest.param("+33612345678", "+33612345678", id="plus"),
        pytest.param("+33 (0)6 12 34 56 78", "+33612345678", id="zero in parentheses"),
        pytest.param("0033 6 12 34 56 78", "+33612345678", id="double zero"),
        pytest.param("0692 12 34 56", "+262692123456", id="La Réunion"),
        pytest.param("00262 692 12 34 56", "+262692123456", id="La Réunion, double zero"),
        pytest.param("0639 01 23 45", "+262639012345", id="Mayotte"),
        pytest.param("0690 00 12 34", "+590690001234", id="Guadeloupe, Saint-Barthélemy, Saint-Martin"),
        pytest.param("0696 20 12 34", "+596696201234", id="Martinique"),
        pytest.param("0694 20 12 34", "+594694201234", id="Guyane"),
        pytest.param("0708 41 12 34", "+508708411234", id="Saint-Pierre-et-Miquelon"),
        pytest.param("+590 690 00 12 34", "+590690001234", id="Guadeloupe, plus"),
        pytest.param("+596 696 20 12 34", "+596696201234", id="Martinique, plus"),
        pytest.param("+594 694 20 12 34", "+594694201234", id="Guyane, plus"),
        pytest.param("+508 55 12 34", "+508551234", id="Saint-Pierre-et-Miquelon, six digits"),
        pytest.param("0508 55 12 34", "+508551234", id="Saint-Pierre-et-Miquelon, dialled from France"),
        pytest.param("+687 75 12 34", "+687751234", id="New Caledonia"),
        pytest.param("+681 82 12 34", "+681821234", id="Wallis-et-Futuna"),
        pytest.param("87 12 34 56", "+68987123456", id="French Polynesia"),
        pytest.param("+689 87 12 34 56", "+68987123456", id="French Polynesia, plus"),
    ],
)
def test_a_mobile_number_of_any_part_of_france_is_read(text: str, e164: str) -> None:
    """R50"""
    assert PhoneNumber(e164) == parse_contact(ContactKind.MOBILE, text)


@pytest.mark.parametrize("kind", [ContactKind.LANDLINE, ContactKind.FAX])
@pytest.mark.parametrize(
    ("text", "e164"),
    [
        pytest.param("03 20 90 05 00", "+33320900500", id="metropolitan"),
        pytest.param("0262 12 34 56", "+262262123456", id="La Réunion"),
        pytest.param("0269 60 12 34", "+262269601234", id="Mayotte, claimed by the metropolitan plan too"),
        pytest.param("0590 20 12 34", "+590590201234", id="Guadeloupe"),
        pytest.param("0596 53 55 88", "+596596535588", id="Martinique, claimed by the metropolitan plan too"),
        pytest.param("09 72 12 34 56", "+33972123456", id="over the internet"),
        pytest.param("0947 01 23 45", "+33947012345", id="over the internet, overseas too"),
        pytest.param("0800 12 34 56", "+33800123456", id="free of charge"),
        pytest.param("0976 01 23 45", "+33976012345", id="over the internet, two overseas plans too"),
        pytest.param("0820 12 34 56", "+33820123456", id="shared cost"),
        pytest.param("0809 12 34 56", "+33809123456", id="price of a call"),
        pytest.param("+508 21 12 34", "+508211234", id="either, where it cannot be told"),
    ],
)
def test_a_landline_of_any_part_of_france_is_read(kind: ContactKind, text: str, e164: str) -> None:
    """R50"""
    assert PhoneNumber(e164) == parse_contact(kind, text)


def test_a_number_that_may_be_either_serves_as_a_mobile() -> None:
    """R50"""
    assert PhoneNumber("+508211234") == parse_contact(ContactKind.MOBILE, "+508 21 12 34")


@pytest.mark.parametrize("text", ["03 20 90 05 00", "09 72 12 34 56", "0800 12 34 56", "0262 12 34 56"])
def test_no_text_message_is_promised_to_a_landline(text: str) -> None:
    """R50"""
    assert Problem(ProblemCode.PHONE_NOT_MOBILE, "mobile") == parse_contact(ContactKind.MOBILE, text)


@pytest.mark.parametrize("kind", [ContactKind.LANDLINE, ContactKind.FAX])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("06 12 34 56 78", id="metropolitan mobile"),
        pytest.param("0692 12 34 56", id="overseas mobile"),
        pytest.param("+687 75 12 34", id="Pacific mobile"),
        pytest.param("0899 12 34 56", id="premium rate"),
    ],
)
def test_a_landline_or_fax_is_neither_a_mobile_nor_a_premium_number(kind: ContactKind, text: str) -> None:
    """R50"""
    assert Problem(ProblemCode.PHONE_NOT_LANDLINE, kind.value) == parse_contact(kind, text)


@pytest.mark.parametrize("text", ["+32 470 12 34 56", "+377 6 12 34 56 78", "0044 7911 123456", "+1 202 555 0123"])
def test_a_foreign_number_is_said_to_be_foreign(text: str) -> None:
    """R50"""
    assert Problem(ProblemCode.PHONE_NOT_FRENCH, "mobile") == parse_contact(ContactKind.MOBILE, text)


@pytest.mark.parametrize(
    "text",
    [
        "06 12 34 56 78 ext 5",
        "06 12 34 56 78 ext. 5",
        "06 12 34 56 78 Extension 12",
        "03 20 90 05 00 poste 12",
        "+33612345678x5",
        "+33612345678;ext=5",
        "0612345678#5",
        "0612345678,5",
    ],
)
def test_an_extension_is_refused_as_such(text: str) -> None:
    """R50"""
    assert Problem(ProblemCode.PHONE_EXTENSION, "landline") == parse_contact(ContactKind.LANDLINE, text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("06 12 34 56 7", id="a digit missing"),
        pytest.param("06 12 34 56 789", id="a digit too many"),
        pytest.param("+33 692 12 34 56", id="overseas number under the metropolitan code"),
        pytest.param("+999 12 34 56 78", id="no such country"),
        pytest.param("+33", id="country alone"),
        pytest.param("+", id="plus alone"),
        pytest.param("3615", id="short number"),
        pytest.param("75 12 34", id="six digits that two overseas plans share"),
        pytest.param("60 12 34", id="six digits of a number not typed to its end"),
        pytest.param("٠٦١٢٣٤٥٦٧٨", id="Arabic digits"),
        pytest.param("０６１２３４５６７８", id="full-width digits"),
        pytest.param("0612345678\n", id="newline"),
        pytest.param("06\x0012345678", id="control character"),
        pytest.param("06 12 ALLO 78", id="letters for digits"),
        pytest.param("06+12345678", id="plus inside"),
        pytest.param("tel:+33612345678", id="a link"),
        pytest.param("()", id="separators alone"),
    ],
)
def test_what_cannot_be_called_is_refused(text: str) -> None:
    """R50"""
    assert Problem(ProblemCode.PHONE_FORM, "mobile") == parse_contact(ContactKind.MOBILE, text)


@pytest.mark.parametrize("kind", ContactKind)
@pytest.mark.parametrize("text", ["", " \u00a0"])
def test_nothing_typed_is_said_to_be_missing(kind: ContactKind, text: str) -> None:
    """R56"""
    assert Problem(ProblemCode.TEXT_MISSING, kind.value) == parse_contact(kind, text)


@pytest.mark.parametrize(
    ("kind", "limit"), [(ContactKind.EMAIL, 254), *((kind, 32) for kind in PHONES)], ids=["email", *PHONES]
)
def test_a_long_text_is_refused_before_it_is_looked_at(kind: ContactKind, limit: int) -> None:
    """R35"""
    assert Problem(ProblemCode.TEXT_TOO_LONG, kind.value, limit=limit) == parse_contact(kind, Endless("0612345678"))


def test_the_longest_address_has_254_characters() -> None:
    longest = "m" * 242 + "@exemple.com"
    assert longest == EmailAddress(longest).text
    with pytest.raises(ValueError, match="normalised"):
        EmailAddress("m" + longest)


def test_the_longest_email_text_that_is_read_has_254_characters() -> None:
    """R35"""
    assert EmailAddress("m@exemple.fr") == parse_contact(ContactKind.EMAIL, "m@exemple.fr".ljust(254))


def test_an_email_text_of_255_characters_is_too_long() -> None:
    """R35"""
    expected = Problem(ProblemCode.TEXT_TOO_LONG, "email", limit=254)
    assert expected == parse_contact(ContactKind.EMAIL, "m@exemple.fr".ljust(255))


def test_an_international_domain_counts_in_its_longer_form() -> None:
    """R35"""
    text = f"m@{'.'.join(['é' * 40] * 5)}.fr"
    assert Problem(ProblemCode.EMAIL_FORM, "email") == parse_contact(ContactKind.EMAIL, text)


def test_the_longest_phone_text_that_is_read_has_32_characters() -> None:
    """R35"""
    assert PhoneNumber("+33612345678") == parse_contact(ContactKind.MOBILE, "0612345678".ljust(32))


def test_a_phone_text_of_33_characters_is_too_long() -> None:
    """R35"""
    expected = Problem(ProblemCode.TEXT_TOO_LONG, "mobile", limit=32)
    assert expected == parse_contact(ContactKind.MOBILE, "0612345678".ljust(33))


@pytest.mark.parametrize(
    ("contact", "masked"),
    [
        (EmailAddress("marie.durand@exemple.fr"), "m•••••@e•••••.fr"),
        (EmailAddress("m@e.fr"), "m•••••@e•••••.fr"),
        (EmailAddress("marie@mail.exemple.co.uk"), "m•••••@m•••••.••"),
        (EmailAddress("2pac@9.example.re"), "••••••@••••••.re"),
        (PhoneNumber("+33612345612"), "06 •• •• •• 12"),
        (PhoneNumber("+262692123412"), "06 •• •• •• 12"),
        (PhoneNumber("+508708411212"), "07 •• •• •• 12"),
        (PhoneNumber("+687751212"), "•• •• •• •• 12"),
        (PhoneNumber("+68987123412"), "•• •• •• •• 12"),
        (PhoneNumber("+32470123412"), "•• •• •• •• 12"),
    ],
)
def test_a_mask_shows_what_its_owner_recognises(contact: EmailAddress | PhoneNumber, masked: str) -> None:
    """R13"""
    assert masked == mask(contact)


@given(
    st.text("abcdefghijklmnopqrstuvwxyz0123456789._+", min_size=0, max_size=50),
    st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=0, max_size=50).filter(
        lambda labels: ".." not in labels and not labels.endswith(".") and not labels.startswith(".")
    ),
)
def test_a_mask_depends_on_two_letters_and_the_last_label_alone(local: str, domain: str) -> None:
    """R13"""
    assert "m•••••@e•••••.fr" == mask(EmailAddress(f"m{local}@e{domain}.fr"))


@given(st.integers(0, 999_999))
def test_no_digit_in_the_middle_of_a_number_shows_in_its_mask(middle: int) -> None:
    """R13"""
    assert "06 •• •• •• 12" == mask(PhoneNumber(f"+336{middle:06d}12"))


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        (EmailAddress("marie@exemple.fr"), "marie@exemple.fr"),
        (PhoneNumber("+33612345678"), "06 12 34 56 78"),
        (PhoneNumber("+262692123456"), "06 92 12 34 56"),
        (PhoneNumber("+508708411234"), "07 08 41 12 34"),
        (PhoneNumber("+508551234"), "+508 55 12 34"),
        (PhoneNumber("+687751234"), "+687 75 12 34"),
        (PhoneNumber("+68987123456"), "+689 87 12 34 56"),
        (PhoneNumber("+32470123456"), "+32470123456"),
    ],
)
def test_a_contact_is_shown_as_its_owner_writes_it(contact: EmailAddress | PhoneNumber, shown: str) -> None:
    """R50"""
    assert shown == pretty(contact)


@given(st.sampled_from(["+336", "+262692", "+590690", "+594694", "+596696", "+68787", "+68987", "+50855"]), st.data())
def test_a_mobile_number_that_is_shown_can_be_typed_back(start: str, data: st.DataObject) -> None:
    """R50"""
    length = {"+33": 12, "+26": 13, "+59": 13, "+687": 10, "+689": 12, "+508": 10}
    whole = length.get(start[:4]) or length[start[:3]]
    rest = data.draw(st.text("0123456789", min_size=whole - len(start), max_size=whole - len(start)))
    contact = parse_contact(ContactKind.MOBILE, start + rest)
    assume(not isinstance(contact, Problem))
    assert not isinstance(contact, Problem)
    assert contact == parse_contact(ContactKind.MOBILE, pretty(contact))


@pytest.mark.parametrize(
    ("contact", "shown"),
    [(EmailAddress("marie@exemple.fr"), "<EmailAddress>"), (PhoneNumber("+33612345678"), "<PhoneNumber>")],
)
def test_a_contact_does_not_show_itself_by_accident(contact: EmailAddress | PhoneNumber, shown: str) -> None:
    """R54"""
    assert f"{shown} {shown}" == f"{contact} {contact!r}"


@pytest.mark.parametrize(
    "text", ["", "marie", "marie@exemple", "marie@EXEMPLE.fr", "marie@société.fr", "m@e.fr\n", f"m@{'e' * 250}.fr"]
)
def test_an_email_address_that_is_not_normalised_cannot_be_built(text: str) -> None:
    """R12"""
    with pytest.raises(ValueError, match="normalised"):
        EmailAddress(text)


@pytest.mark.parametrize("text", ["", "0612345678", "+33 612345678", "+33612345678\n", "+0612345678"])
def test_a_phone_number_that_is_not_international_cannot_be_built(text: str) -> None:
    """R50"""
    with pytest.raises(ValueError, match=r"E\.164"):
        PhoneNumber(text)
