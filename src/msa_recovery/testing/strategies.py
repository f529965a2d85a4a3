"""What Hypothesis draws for tests of a host: identifiers, amounts, passwords, accounts, policies, events, journeys.

Everything is made up. What ``identifiers`` and the like draw has the right form; ``mistyped`` has not.
"""

from datetime import timedelta
from typing import Final

from hypothesis import strategies as st

from msa_recovery.domain import events, inputs
from msa_recovery.domain.account import (
    MATRIX,
    Account,
    AccountKey,
    AccountType,
    Contact,
    ContactId,
    IdentifierKind,
    VerifiedIdentity,
)
from msa_recovery.domain.challenge import Amount
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.events import EventName
from msa_recovery.domain.identifiers import Identifier, Nir, Siret
from msa_recovery.domain.inputs import Input
from msa_recovery.domain.journey import ChartName
from msa_recovery.domain.machine import CHARTS
from msa_recovery.domain.policy import Policy

from .people import FUND

__all__ = [
    "accounts",
    "amounts",
    "contacts",
    "emails",
    "identifiers",
    "inputs_for",
    "journeys",
    "mistyped",
    "mobiles",
    "new_passwords",
    "nirs",
    "policies",
    "sirets",
    "typed_amounts",
    "typed_identifiers",
]


def _digits(number: int, width: int) -> str:
    return f"{number:0{width}d}"


# -- identifiers -------------------------------------------------------------------------------------------------------

_DEPARTMENTS: Final = (*(f"{number:02}" for number in range(1, 96) if number != 20), "2A", "2B", "99")


def _nir(sex: str, year: int, month: int, department: str, commune: int, order: int) -> Nir:
    return Nir(f"{sex}{year:02}{month:02}{department}{commune:03}{order:03}")


nirs: Final[st.SearchStrategy[Nir]] = st.builds(
    _nir,
    st.sampled_from("12"),
    st.integers(0, 99),
    st.integers(1, 12),
    st.sampled_from(_DEPARTMENTS),
    st.integers(1, 990),
    st.integers(1, 999),
)
"""NIRs whose every part is in order, Corsica and births abroad among them."""


def _with_luhn(front: str) -> str:
    """The digits with the one more that makes their Luhn sum a multiple of ten."""
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(front)))
    return f"{front}{-sum(each - 9 if each > 9 else each for each in doubled) % 10}"


def _siret(siren: int, office: int) -> Siret:
    # A SIREN has a check digit of its own, and so has the whole.
    return Siret(_with_luhn(_with_luhn(_digits(siren, 8)) + _digits(office, 4)))


sirets: Final[st.SearchStrategy[Siret]] = st.builds(
    _siret,
    st.integers(1, 99_999_999),
    st.integers(1, 9_999),
)
"""SIRETs that satisfy both checksums."""

identifiers: Final[st.SearchStrategy[Identifier]] = nirs | sirets
"""A NIR or a SIRET."""

_SEPARATORS: Final = st.sampled_from(("", " ", "\N{NO-BREAK SPACE}", ".", "-"))


def _spaced(identifier: Identifier, with_key: bool, between: str) -> str:
    text = identifier.digits + (identifier.key if with_key and isinstance(identifier, Nir) else "")
    return between.join(text[place : place + 3] for place in range(0, len(text), 3))


typed_identifiers: Final[st.SearchStrategy[str]] = st.builds(_spaced, identifiers, st.booleans(), _SEPARATORS)
"""Identifiers as people type them: with the key or without, with spaces, dots or dashes."""

mistyped: Final[st.SearchStrategy[str]] = st.one_of(
    st.just(""),
    st.text(max_size=20).filter(lambda text: not any(character.isdecimal() for character in text)),
    nirs.map(lambda nir: nir.digits[:-1]),
    nirs.map(lambda nir: f"{nir.digits}{int(nir.key) % 97 + 1:02}"),
    st.just("1" * 200),
)
"""Text that is no identifier: nothing, words, a digit too few, a wrong key, far too long."""

# -- sums, passwords, contacts -----------------------------------------------------------------------------------------

amounts: Final[st.SearchStrategy[Amount]] = st.integers(1, 9_999_999_99).map(Amount)
"""Sums of money."""


def _typed(amount: Amount, thousands: str, decimal: str, unit: str) -> tuple[str, Amount]:
    euros, cents = divmod(amount.cents, 100)
    return f"{euros:,}".replace(",", thousands) + f"{decimal}{cents:02}{unit}", amount


typed_amounts: Final[st.SearchStrategy[tuple[str, Amount]]] = st.builds(
    _typed,
    amounts,
    st.sampled_from(("", " ", "\N{NARROW NO-BREAK SPACE}")),
    st.sampled_from(",."),
    st.sampled_from(("", " €", " euros")),
)
"""Sums as people type them, each with what it is read as."""

_SYLLABLES: Final = ("bro", "uet", "tes", "bleu", "pre", "vach", "lune", "mira", "foin", "Zuc", "Quo", "Xan")


def _password(words: list[str], number: int) -> str:
    return f"{''.join(words).capitalize()}-{number}"


new_passwords: Final[st.SearchStrategy[str]] = st.builds(
    _password,
    st.lists(st.sampled_from(_SYLLABLES), min_size=6, max_size=9),
    st.integers(10, 9_999),
)
"""Passwords with all four kinds of characters, long enough for every shipped policy."""

emails: Final[st.SearchStrategy[EmailAddress]] = st.integers(0, 9_999).map(
    lambda number: EmailAddress(f"someone{number}@example.org")
)
"""E-mail addresses that lead nowhere."""

mobiles: Final[st.SearchStrategy[PhoneNumber]] = st.integers(0, 9_999).map(
    lambda number: PhoneNumber(f"+3360000{number:04}")
)
"""Mobile numbers of a range that no operator was given."""


@st.composite
def contacts(draw: st.DrawFn) -> tuple[Contact, ...]:
    """The contact details of one account: any, both or none of mobile and e-mail."""
    found = list[Contact]()
    if draw(st.booleans()):
        found.append(Contact(ContactId("mobile"), ContactKind.MOBILE, draw(mobiles)))
    if draw(st.booleans()):
        found.append(Contact(ContactId("email"), ContactKind.EMAIL, draw(emails)))
    return tuple(found)


def _of_kind(kind: IdentifierKind) -> st.SearchStrategy[Identifier]:
    return nirs if kind is IdentifierKind.NIR else sirets


@st.composite
def accounts(draw: st.DrawFn, key: str = "somebody") -> Account:
    """An account of any type, under identifiers that the matrix allows for it.

    Args:
        draw: Hypothesis's.
        key: the directory's name of it; two accounts of one directory need two.
    """
    type_ = draw(st.sampled_from(AccountType))
    allowed = sorted(MATRIX[type_].identifiers)
    kinds = draw(st.lists(st.sampled_from(allowed), min_size=1, max_size=len(allowed), unique=True))
    return Account(
        key=AccountKey(key),
        type=type_,
        first_sign_in=draw(st.booleans()),
        identifiers=tuple(draw(_of_kind(kind)) for kind in kinds),
        contacts=draw(contacts()),
        names=("Camille", "Laborde"),
        postal_address=("CAMILLE LABORDE", "12 CHEMIN DES CHENES", "33000 BORDEAUX"),
        fund=FUND,
        contacts_to_confirm=draw(st.booleans()),
    )


def _policy(guesses: int, codes: int, answers: int, letters: int, minutes: int) -> Policy:
    return Policy(
        name="drawn",
        guesses_per_code=guesses,
        codes_per_journey=codes,
        answers_per_month=answers,
        letters_per_month=letters,
        code_lifetime_sms=timedelta(minutes=minutes),
        code_lifetime_email=timedelta(minutes=minutes),
    )


policies: Final[st.SearchStrategy[Policy]] = st.one_of(
    st.sampled_from((Policy.msa(), Policy.strict(), Policy.testing())),
    st.builds(
        _policy,
        st.integers(1, 5),
        st.integers(1, 5),
        st.integers(1, 5),
        st.integers(1, 3),
        st.integers(1, 60),
    ),
)
"""The shipped limits, and others that validate."""

# -- events and journeys -----------------------------------------------------------------------------------------------

_WITHOUT_TEXT: Final[dict[EventName, Input]] = {
    EventName.RESEND_CODE: events.ResendCode(),
    EventName.CONFIRM_CONTACTS: events.ConfirmContacts(),
    EventName.GO_BACK: events.GoBack(),
    EventName.ABANDON: events.Abandon(),
    EventName.LAPSE: events.Lapse(),
}
_SOMEBODY: Final = VerifiedIdentity(
    subject="somebody",
    given_names=("Camille",),
    family_name="Laborde",
    birthdate="1984-03-17",
    gender="female",
    birthplace="33900",
    birthcountry="99100",
)


_guesses_at_the_question: Final = st.builds(
    inputs.AnswerChallenge, st.just("vitale_serial"), st.integers(10**19, 10**20 - 1).map(str)
) | st.builds(
    inputs.AnswerChallenge,
    st.sampled_from(("benefit_amount", "contribution_invoice", "payroll_contributions")),
    typed_amounts.map(lambda each: each[0]),
)
_edits: Final = st.one_of(
    emails.map(lambda address: inputs.EditContact("email", address.text)),
    mobiles.map(lambda number: inputs.EditContact("mobile", number.text)),
    st.sampled_from(("email", "mobile", "landline", "fax")).map(lambda kind: inputs.EditContact(kind, "")),
)


def inputs_for(name: EventName, who: st.SearchStrategy[str] = typed_identifiers) -> st.SearchStrategy[Input]:
    """What a person may type for an event of that name; the secrets are well-formed guesses.

    Args:
        name: the event.
        who: which identifiers are given.
    """
    drawn: dict[EventName, st.SearchStrategy[Input]] = {
        EventName.IDENTIFY: st.builds(inputs.Identify, who),
        EventName.ORDER_LETTER: st.builds(inputs.OrderLetter, who),
        EventName.USE_FRANCECONNECT: st.just(events.UseFranceConnect(_SOMEBODY)),
        EventName.ANSWER_CHALLENGE: _guesses_at_the_question,
        EventName.CHOOSE_CHANNEL: st.builds(inputs.ChooseChannel, st.sampled_from(("sms", "email"))),
        EventName.SUBMIT_CODE: st.integers(0, 9_999).map(lambda code: inputs.SubmitCode(_digits(code, 4))),
        EventName.SIGN_IN: st.just(inputs.SignIn("Ab3#efghijkm")),
        EventName.PROVE_PASSWORD: st.builds(inputs.ProvePassword, new_passwords),
        EventName.CHOOSE_PASSWORD: new_passwords.map(lambda text: inputs.ChoosePassword(text, text)),
        EventName.EDIT_CONTACT: _edits,
    }
    return drawn[name] if name in drawn else st.just(_WITHOUT_TEXT[name])


@st.composite
def journeys(
    draw: st.DrawFn, who: st.SearchStrategy[str] = typed_identifiers, chart: ChartName = ChartName.RECOVERY
) -> tuple[Input, ...]:
    """A whole journey: what a person sends who walks along the rows of a chart, to a final state or until tired.

    It is a plan. Where its guesses are wrong, the recovery goes another way than planned, and some of its inputs come
    out of turn: then :class:`EventNotAccepted` or :class:`JourneyFinished` is what a host must expect.
    """
    cells, state, sent = CHARTS[chart].cells, CHARTS[chart].initial, list[Input]()
    while len(sent) < _MOST_EVENTS and (names := [event for at, event in cells if at is state]):
        name = draw(st.sampled_from([each for each in names if each not in _ENDING] or names))
        if draw(st.integers(0, _TIRED)) == 0:
            name = draw(st.sampled_from(names))
        sent.append(draw(inputs_for(name, who)))
        state = draw(st.sampled_from(cells[state, name].rows)).target
    return tuple(sent)


_MOST_EVENTS: Final = 25
_TIRED: Final = 8
_ENDING: Final = frozenset({EventName.ABANDON, EventName.LAPSE, EventName.USE_FRANCECONNECT, EventName.ORDER_LETTER})
