"""Where the journey itself is not what a standard asks for: no field closes these, and each says what would."""

from typing import Final

from .deviation import Demand, Rule, Standard, in_words
from .odds import guesses_at_codes, tries_from_one_origin
from .policy import Policy

__all__ = ["OF_JOURNEY"]

_YEAR: Final = 365

_BY_ORIGIN: Final = (
    "a wait that all origins share would let anybody keep the owner of a temporary password out until it is dead; at"
    " over 70 bits more tries win nothing"
)
_RATE_LIMIT: Final = "the host limits sign-ins by account, or lets them through only with a puzzle solved"
_SMS: Final = "the source text offers it; e-mail stands beside it, and the letter is what is left"
_COMPOSITION: Final = "the source text asks for a digit, a capital, a small letter and a special sign"
_QUESTION: Final = "the source text asks whoever never signed in; a right answer opens nothing, it leads on to a code"


def _tries(policy: Policy) -> str:
    return (
        f"{tries_from_one_origin(policy)} wrong temporary passwords in 24 h from each of {policy.sign_in_origins}"
        " origins, and no limit for further ones, only an alarm"
    )


def _wrong_codes(policy: Policy) -> str:
    year = sum(guesses * codes for guesses, codes in guesses_at_codes(policy, _YEAR).items())
    return f"up to {year} wrong codes of one account in {_YEAR} days; each is forgotten after 30 days"


def _spent(policy: Policy) -> str:
    wrong = policy.code_guesses_per_month - policy.guesses_per_code + 1
    return (
        f"{wrong} wrong codes, or {policy.sends_per_month} codes asked for, and an account gets nothing but a letter"
        " for up to 30 days"
    )


def _quarantine(policy: Policy) -> str:
    wait = policy.contact_quarantine
    return f"a changed contact serves {f'after {in_words(wait)}' if wait else 'at once'}, confirmed by a code or not"


def _answers(policy: Policy) -> str:
    return f"a question to whoever never signed in; {policy.answers_per_month} answers of an account in 30 days"


OF_JOURNEY: Final = (
    Rule(
        code="nist_single_code",
        standard=Standard.NIST,
        clause="SP 800-63B-4, 4.2.2.2",
        wants="two codes by two ways, or a code and another factor, where an account has two factors",
        has=lambda _: "whoever holds the telephone or the mailbox gets in",
        why="the source text asks for one way to receive it; every other contact is told of the new password at once",
        remedy="the host asks for its second factor after `completed`; the library opens no session",
    ),
    Rule(
        code="nist_sms",
        standard=Standard.NIST,
        clause="SP 800-63B-4, 3.2.9",
        wants="SMS is a restricted authenticator: another way, a warning, and a plan to leave it",
        has=lambda _: "code and temporary password by SMS; a notice by post too if there is no other contact",
        why=_SMS,
        remedy="the directory names no mobile number for recovery, or the host warns of SMS and plans its end",
    ),
    Rule(
        code="asvs_sms",
        standard=Standard.ASVS,
        clause="6.6.1",
        wants="by SMS only where a stronger way is offered beside it, and never at level 3",
        has=lambda _: "SMS, e-mail and the letter; FranceConnect for individuals",
        why=_SMS,
        remedy="the directory names no mobile number for recovery",
    ),
    Rule(
        code="anssi_sms",
        standard=Standard.ANSSI,
        clause="R8",
        demand=Demand.SHOULD,
        wants="no factor by SMS",
        has=lambda _: "code and temporary password by SMS",
        why=_SMS,
        remedy="the directory names no mobile number for recovery",
    ),
    Rule(
        code="asvs_email",
        standard=Standard.ASVS,
        clause="6.3.5 (level 3)",
        wants="no factor by e-mail",
        has=lambda _: "code and temporary password by e-mail",
        why="the source text offers it; NIST allows it for recovery (SP 800-63B-4, 4.2.1.2)",
        remedy="the directory names no e-mail address for recovery",
    ),
    Rule(
        code="nist_unconfirmed_contact",
        standard=Standard.NIST,
        clause="SP 800-63B-4, 4.2.1.2",
        wants="an address serves recovery only once its holder has confirmed it by a code",
        has=_quarantine,
        why="the source text has no step that confirms an address; a change is told to those held before, who have that"
        " time to object",
        remedy="the directory names only contacts that were confirmed",
    ),
    Rule(
        code="nist_knowledge_question",
        standard=Standard.NIST,
        clause="SP 800-63A-4, 2.5.1",
        wants="knowledge proves nobody's identity",
        has=_answers,
        why=_QUESTION,
        remedy="the directory marks nobody as never signed in, and the first password goes by letter",
    ),
    Rule(
        code="asvs_knowledge_question",
        standard=Standard.ASVS,
        clause="6.4.2",
        wants="no secret questions",
        has=_answers,
        why=_QUESTION,
        remedy="the directory marks nobody as never signed in, and the first password goes by letter",
    ),
    Rule(
        code="nist_composition",
        standard=Standard.NIST,
        clause="SP 800-63B-4, 3.1.1.2",
        wants="no rule on kinds of characters",
        has=lambda _: "four classes, and no name or identifier within a new password",
        why=_COMPOSITION,
        remedy="a change of the journey: no field turns the rule off",
    ),
    Rule(
        code="asvs_composition",
        standard=Standard.ASVS,
        clause="6.2.5",
        wants="no minimum of capitals, small letters, digits or special signs",
        has=lambda _: "one of each of the four",
        why=_COMPOSITION,
        remedy="a change of the journey: no field turns the rule off",
    ),
    Rule(
        code="asvs_breached_passwords",
        standard=Standard.ASVS,
        clause="6.2.12",
        wants="a new password is looked up among those that leaked",
        has=lambda _: "a meter that knows tens of thousands of common ones",
        why="a list of leaked passwords is larger than a library can carry; whom to ask for it is the host's choice",
        remedy="a StrengthMeter of the host's that looks them up and says WEAK",
    ),
    Rule(
        code="nist_throttling",
        standard=Standard.NIST,
        clause="SP 800-63B-4, 3.2.2",
        wants="after 100 wrong ones in a row, no more",
        has=_wrong_codes,
        why="what is counted for ever would let anybody close an account for ever",
        remedy="an operator who watches the audit closes recovery for such an account",
    ),
    Rule(
        code="nist_tries_by_origin",
        standard=Standard.NIST,
        clause="SP 800-63B-4, 3.2.2",
        wants="after 100 wrong ones in a row of an account, no more",
        has=_tries,
        why=_BY_ORIGIN,
        remedy=_RATE_LIMIT,
    ),
    Rule(
        code="cnil_tries_by_origin",
        standard=Standard.CNIL,
        clause="case 2 (tries are limited)",
        wants="25 wrong ones of an account in 24 h at most",
        has=_tries,
        why=_BY_ORIGIN,
        remedy=_RATE_LIMIT,
    ),
    Rule(
        code="anssi_tries_by_origin",
        standard=Standard.ANSSI,
        clause="R10",
        demand=Demand.SHOULD,
        wants="a limit on tries within some time",
        has=_tries,
        why=_BY_ORIGIN,
        remedy=_RATE_LIMIT,
    ),
    Rule(
        code="asvs_forced_letter",
        standard=Standard.ASVS,
        clause="6.1.1",
        wants="nobody can lock somebody else out",
        has=_spent,
        why="the cap on wrong codes is what makes short codes bearable; the letter goes to the address on file, and a"
        " usual sign-in always works",
        remedy="the host asks for a puzzle, or limits origins, before a journey begins",
    ),
    Rule(
        code="asvs_shared_cool_down",
        standard=Standard.ASVS,
        clause="6.3.8 (level 3)",
        wants="nothing tells who has an account",
        has=lambda _: "a farmer's NIR and SIRET share a cool-down: whoever tries both sees that they belong together",
        why="two counts would give an attacker twice the guesses at one account",
        remedy="the directory gives the two identifiers two accounts",
    ),
    Rule(
        code="asvs_campaigns",
        standard=Standard.ASVS,
        clause="2.4.1",
        wants="a limit on what is automated",
        has=lambda _: "every cap is an account's: nothing bounds guesses at codes over many accounts",
        why="a budget for all would let anybody stop recovery for everybody",
        remedy="the host limits origins before a journey begins, and watches how many codes are wrong in a day",
    ),
    Rule(
        code="asvs_second_factor",
        standard=Standard.ASVS,
        clause="6.4.3",
        demand=Demand.HOST,
        wants="recovery goes round no second factor",
        has=lambda _: "the library says `completed` and opens no session",
        why="the session is the host's",
        remedy="the host asks for its second factor after `completed`",
    ),
    Rule(
        code="anssi_hashing",
        standard=Standard.ANSSI,
        clause="R28, R29",
        demand=Demand.HOST,
        wants="a salt of 128 bits, and a hash that takes memory",
        has=lambda _: "argon2id with 128 bits of salt in the directories that come with the library",
        why="passwords lie in the account directory",
        remedy="a directory of the host's does the same",
    ),
)
"""``risk.py`` puts them in the order of the standards."""
