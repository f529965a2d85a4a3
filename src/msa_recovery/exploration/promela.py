"""The charts as a Promela model, which ``spin`` checks without knowing anything of our own step.

States, events and rows are printed from the compiled table; what a guard asks and an effect does is said once more, in
Promela, by ``promela_words.py``. Counts and deadlines are bounded integers. Each row stands on a line of its own,
marked with its label, so that what pan calls unreached can be told by name.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msa_recovery.domain.compiler import Chart, Row
from msa_recovery.domain.errors import ChartError
from msa_recovery.domain.events import EventName
from msa_recovery.domain.journey import FINAL, ChartName, State
from msa_recovery.domain.policy import DAY, MONTH, Policy

from .promela_words import COMPARED, EFFECTS, GUARDS, INPUTS

__all__ = ["ROW", "promela"]

ROW: Final = "/* row "
"""What the chart and the label of a row stand behind, on the line on which it fires."""

_CAPS: Final = (
    "guesses_per_code",
    "codes_per_journey",
    "sends_per_day",
    "sends_per_month",
    "code_guesses_per_month",
    "answers_per_journey",
    "answers_per_month",
    "letters_per_month",
    "sign_in_wait_from",
    "sign_ins_per_day",
    "current_password_tries",
    "current_passwords_per_day",
    "comparisons_after_sign_in",
)
_VERDICTS: Final = ("RIGHT", "WRONG", "NOT_OFFERED", "NOT_LIVE", "MUST_WAIT", "NONE_LEFT", "RULES_FAIL")
_BYTES: Final = (
    *("code_guesses", "codes_sent", "answers", "current_tries", "comparisons"),
    *("wrong_codes", "given", "letters", "sends_month", "sends_day", "sign_ins", "current_day", "others_guesses"),
    *("journey_left", "code_left", "cooldown_left", "sent_left", "letter_left", "sign_in_left", "others_left"),
    *("day_left", "month_left"),
)
_LEFT: Final = tuple(name for name in _BYTES if name.endswith("_left"))
_BITS: Final = (
    *("acc_first", "acc_sms", "acc_email", "to_confirm"),
    *("changing", "adopted", "challenge_passed", "code_held", "signed_in", "accepted", "insists"),
)
_PAIRS: Final = ("channel", "code_channel", "edit_sms", "edit_email")
_INPUTS: Final = (
    *("in_identity", "in_individual", "in_agent", "in_offered", "in_right", "in_email"),
    *("in_breaks_rules", "in_removes"),
)

_MACROS: Final = """\
#define CODE_IS_LIVE (code_held && code_guesses > 0 && code_left > 0)
#define ON_FILE(way) ((way == SMS && acc_sms) || (way == EMAIL && acc_email))
#define CHANNEL (taken == choose_channel -> (in_email -> EMAIL : SMS) : (channel == NO_CHANNEL -> SMS : channel))
#define MAY_SEND ((acc_sms || acc_email) && codes_sent < CODES_PER_JOURNEY && sends_month < SENDS_PER_MONTH && \\
    wrong_codes + GUESSES_PER_CODE <= CODE_GUESSES_PER_MONTH)
#define MAY_SEND_NOW (cooldown_left == 0 && sends_day < SENDS_PER_DAY && \\
    wrong_codes + others_guesses + GUESSES_PER_CODE <= CODE_GUESSES_PER_MONTH)
#define HELD(way) ((way == SMS -> edit_sms : edit_email) == ADDED || \\
    ((way == SMS -> edit_sms : edit_email) == UNTOUCHED && ON_FILE(way)))
#define EDIT (in_removes -> REMOVED : ADDED)
#define COMPARISON (in_right -> RIGHT : WRONG)
#define LATER_OF(one, other) (one > other -> one : other)
#define IS_OVER (journey_left == 0 || (state == awaiting_sign_in && sent_left == 0 && letter_left == 0))
#define CAPS_HOLD (wrong_codes <= CODE_GUESSES_PER_MONTH && sends_month <= SENDS_PER_MONTH && \\
    sends_day <= SENDS_PER_DAY && letters <= LETTERS_PER_MONTH && given <= ANSWERS_PER_MONTH && \\
    sign_ins <= SIGN_INS_PER_DAY && current_day <= CURRENT_PASSWORDS_PER_DAY && \\
    codes_sent <= CODES_PER_JOURNEY && answers <= ANSWERS_PER_JOURNEY && code_guesses <= GUESSES_PER_CODE)
#define WRONG_GUESSES (wrong_codes + given + sign_ins + current_day)
"""

_TIME: Final = """\
/* Time passes, as long as one of the lengths of the policy: every deadline that is no further away is over. The counts
   of a day, and those of a month, age out together. */
inline some_time_passes() {{
    if
    {lengths}
    fi;
    time_passes()
}}

inline time_passes() {{
    {ticks};
    length = 0;
    if :: code_left == 0 -> code_guesses = 0 :: else fi;
    if :: others_left == 0 -> others_guesses = 0 :: else fi;
    if :: day_left == 0 -> sends_day = 0; sign_ins = 0; current_day = 0 :: else fi;
    if :: month_left == 0 -> sends_month = 0; wrong_codes = 0; given = 0; letters = 0 :: else fi
}}
"""

_DOORS: Final = """\
/* What the journey held is gone once it is over; a code that is still live counts among those of other journeys. */
inline ends() {
    if
    :: CODE_IS_LIVE -> others_guesses = LATER_OF(others_guesses, code_guesses); others_left = code_left
    :: else
    fi;
    adopted = 0; challenge_passed = 0; code_held = 0; code_guesses = 0; code_left = 0; codes_sent = 0; answers = 0;
    current_tries = 0; comparisons = 0; channel = NO_CHANNEL; code_channel = NO_CHANNEL; journey_left = 0;
    edit_sms = UNTOUCHED; edit_email = UNTOUCHED; changing = 0
}

inline a_door_is_opened() {
    signed_in = 0; accepted = 0;
    if
    :: state = identifying; journey_left = JOURNEY_LIFETIME
    :: !insists && (sent_left > 0 || letter_left > 0) ->
        state = awaiting_sign_in; adopted = 1; journey_left = LATER_OF(sent_left, letter_left)
    :: !insists && to_confirm -> /* by a usual sign-in */
        state = confirming_contacts; adopted = 1; signed_in = 1; accepted = 1; journey_left = SIGNED_IN_LIFETIME
    :: !insists && !acc_first ->
        state = proving_password; adopted = 1; changing = 1; journey_left = JOURNEY_LIFETIME
    fi
}
"""

_INSISTS: Final = """\
/* Somebody who holds the right secrets and wants to get in: what that person does in each state. Where nothing can be
   done for now, the person waits as long as the view says. */
inline the_holder_goes_on() {
    in_right = 1;
    if
    :: state == identifying -> event = identify
    :: state == answering_challenge -> event = answer_challenge; in_offered = 1
    :: state == choosing_channel && (MAY_SEND_NOW || !MAY_SEND || CODE_IS_LIVE) ->
        event = choose_channel; in_email = (CODE_IS_LIVE -> code_channel == EMAIL : !acc_sms)
    :: state == confirming_code && CODE_IS_LIVE -> event = submit_code
    :: state == confirming_code && !CODE_IS_LIVE && (MAY_SEND_NOW || !MAY_SEND) -> event = resend_code
    :: state == awaiting_sign_in && sign_in_left == 0 && sign_ins < SIGN_INS_PER_DAY -> event = sign_in
    :: state == personalising_password -> event = choose_password; in_right = 0
    :: state == confirming_contacts -> event = confirm_contacts
    :: else -> event = NO_EVENT;
        if
        :: state == awaiting_sign_in -> length = (sign_in_left > 0 -> SIGN_IN_WAIT : DAY)
        :: state != awaiting_sign_in && cooldown_left > 0 -> length = SEND_COOLDOWN
        :: state != awaiting_sign_in && cooldown_left == 0 && sends_day >= SENDS_PER_DAY -> length = DAY
        :: else -> length = CODE_LIFETIME /* of other journeys */
        fi
    fi
}
"""

_PEOPLE: Final = """\
active proctype people() {
    atomic {
        if :: acc_first = 1 :: skip fi;
        /* By e-mail alone is as by SMS alone: no guard tells them apart. */
        if :: acc_sms = 1 :: acc_sms = 1; acc_email = 1 :: skip fi;
        state = identifying; journey_left = JOURNEY_LIFETIME
    };
    do
    :: atomic { !insists -> some_time_passes() }
    :: atomic { !insists && !changing && IN_PROGRESS -> insists = 1 }
    :: atomic { IN_PROGRESS ->
        if :: insists -> the_holder_goes_on() :: else -> something_is_sent() fi;
        if :: event == NO_EVENT -> time_passes() :: else -> it_is_taken() fi;
        forget() }
    :: atomic { !IN_PROGRESS && !insists -> a_door_is_opened() }
    :: atomic { !IN_PROGRESS && insists && state != completed ->
        length = MONTH; time_passes(); a_door_is_opened() }
    :: insists && state == completed -> break
    od
}

/* 1: completed only through a right password, an accepted new one and, in the recovery, confirmed contact details. */
ltl completed_is_earned { [] (state == completed -> signed_in && accepted) }
/* 3: whoever holds the right secrets and insists gets in, from wherever that begins. */
ltl the_holder_gets_in { [] (insists -> <> (state == completed)) }
"""


def _one_of_each(charts: Mapping[ChartName, Chart]) -> tuple[tuple[State, ...], tuple[EventName, ...]]:
    states = dict.fromkeys(state for chart in charts.values() for state in chart.titles)
    events = dict.fromkeys(event for chart in charts.values() for _, event in chart.cells)
    return tuple(states), tuple(events)


def _defined(names: Iterable[str], start: int = 0) -> str:
    return "\n".join(f"#define {name} {number}" for number, name in enumerate(names, start))


def _ranks(policy: Policy) -> dict[str, int]:
    """Each length of time by its rank: what passes first in the policy passes first in the model."""
    lengths = {
        "SEND_COOLDOWN": policy.send_cooldown,
        "SIGN_IN_WAIT": policy.sign_in_first_wait,
        "CODE_LIFETIME": policy.code_lifetime_sms,
        "SIGNED_IN_LIFETIME": policy.signed_in_lifetime,
        "JOURNEY_LIFETIME": policy.journey_lifetime,
        "TEMPORARY_PASSWORD_LIFETIME": policy.temporary_password_lifetime,
        "LETTER_LIFETIME": policy.letter_lifetime,
        "DAY": DAY,
        "MONTH": MONTH,
    }
    ranks = sorted(set(lengths.values()))
    return {name: ranks.index(length) + 1 for name, length in lengths.items()}


def _condition(row: Row) -> str:
    parts: list[str] = []
    for name, expected in row.guards:
        if name not in GUARDS:
            raise ChartError(f"row {row.label}: promela_words.py has no word for the guard {name!r}")
        parts.append(f"({GUARDS[name]})" if expected else f"!({GUARDS[name]})")
    return " && ".join(parts)


def _action(row: Row) -> str:
    statements = list[str]()
    for name in row.effects:
        if name not in EFFECTS:
            raise ChartError(f"row {row.label}: promela_words.py has no word for the effect {name!r}")
        statements += EFFECTS[name]
    return "; ".join([*statements, f"state = {row.target}"])


def _rows(chart: ChartName, rows: tuple[Row, ...], first: int, indent: str) -> Iterator[str]:
    """The first that holds: each row in the ``else`` of the one before. The first one has this number."""
    for number, row in enumerate(rows):
        inside = indent + "    " * number
        last = number == len(rows) - 1
        # Assigned, so that there is a statement for each row which pan reaches or does not.
        fires = f"row = {first + number} {ROW}{chart} {row.label} */; {_action(row)}"
        if last:
            yield f"{inside}{fires}"
        else:
            yield f"{inside}if"
            yield f"{inside}:: ({_condition(row)}) -> {fires}"
            yield f"{inside}:: else ->"
    for number in reversed(range(len(rows) - 1)):
        yield f"{indent}{'    ' * number}fi"


def _taken(charts: Mapping[ChartName, Chart]) -> Iterator[str]:
    yield "inline it_is_taken() {"
    yield "    before = WRONG_GUESSES;"
    yield "    /* Past the deadline every accepted event but abandon is a lapse. */"
    yield "    taken = event;"
    yield "    if :: event != abandon && IS_OVER -> taken = lapse :: else fi;"
    yield "    verdict = NO_VERDICT;"
    yield "    if"
    for event, phrase in COMPARED.items():
        yield f"    :: taken == {event} ->"
        yield from ("    " + line for line in phrase.splitlines())
    yield "    :: else"
    yield "    fi;"
    yield "    if"
    yield "    :: !insists && (verdict == RIGHT || verdict == WRONG) -> skip /* killed: the guess stays spent */"
    yield "    :: it_is_done()"
    yield "    fi;"
    yield "    /* 4, 14: what was compared was counted before, and no count of wrong guesses went down. */"
    yield "    assert(WRONG_GUESSES >= before);"
    yield "    /* 1, 5: nobody is at the new-password step who has not signed in. And no cap is ever exceeded. */"
    yield "    assert(state != personalising_password || signed_in);"
    yield "    assert(CAPS_HOLD);"
    yield "    if :: !IN_PROGRESS -> ends() :: else fi"
    yield "}"
    yield ""
    yield "inline it_is_done() {"
    yield "    if"
    first = 1
    for name, chart in charts.items():
        changing = "changing" if name is ChartName.CHANGE else "!changing"
        for (state, event), cell in chart.cells.items():
            yield f"    :: {changing} && state == {state} && taken == {event} ->"
            yield from _rows(name, cell.rows, first, " " * 8)
            first += len(cell.rows)
    yield "    fi"
    yield "}"


def _sent(charts: Mapping[ChartName, Chart]) -> Iterator[str]:
    """Any event that the state accepts, with any input."""
    yield "inline something_is_sent() {"
    yield "    if"
    for name, chart in charts.items():
        changing = "changing" if name is ChartName.CHANGE else "!changing"
        for state, event in chart.cells:
            yield f"    :: {changing} && state == {state} -> event = {event}"
    yield "    fi;"
    yield "    if"
    for event, inputs in INPUTS.items():
        chosen = "; ".join(
            f"if :: {each} = SMS :: {each} = EMAIL :: skip fi" if each == "in_kind" else f"if :: {each} = 1 :: skip fi"
            for each in inputs
        )
        yield f"    :: event == {event} -> {chosen}"
    yield "    :: else"
    yield "    fi"
    yield "}"


def promela(charts: Mapping[ChartName, Chart], policy: Policy) -> str:
    """The whole model: both charts, under the caps of this policy.

    Args:
        charts: the compiled charts.
        policy: whose caps and lengths of time are used; small caps keep the model small. The cap of an origin counts as
            that of the account: the model has one origin.

    Raises:
        ChartError: a guard or an effect has no word in ``promela_words.py``; the row is named.
    """
    states, events = _one_of_each(charts)
    caps = {name: getattr(policy, name) for name in _CAPS}
    caps["sends_per_day"] = min(policy.sends_per_day, policy.sends_per_origin_and_day)
    finals = " && ".join(f"state != {state}" for state in states if state in FINAL)
    ranks = _ranks(policy)
    ticks = ";\n    ".join(f"{name} = ({name} > length -> {name} : 0)" for name in _LEFT)
    lengths = "\n    ".join(f":: length = {rank}" for rank in sorted(set(ranks.values())))
    parts = (
        "/* The charts of msa_recovery, printed from the compiled table: msa-recovery chart --format promela. */",
        "\n".join(f"#define {name.upper()} {cap}" for name, cap in caps.items()),
        "\n".join(f"#define {name} {rank}" for name, rank in ranks.items()),
        _defined(states),
        _defined(("NO_EVENT", *events)),
        _defined(("NO_VERDICT", *_VERDICTS)),
        _defined(("NO_CHANNEL", "SMS", "EMAIL", "LETTER")),
        _defined(("UNTOUCHED", "ADDED", "REMOVED")),
        f"#define IN_PROGRESS ({finals})",
        _MACROS,
        "\n".join(
            (
                "byte state;",
                f"byte {', '.join(_BYTES)};",
                f"bit {', '.join(_BITS)};",
                *(f"unsigned {name} : 2;" for name in (*_PAIRS, "in_kind")),
                f"bit {', '.join(_INPUTS)};",
                "hidden byte row;",
                "byte event, taken, verdict, before, length;",
            )
        ),
        _TIME.format(ticks=ticks, lengths=lengths),
        _DOORS,
        "\n".join(_sent(charts)),
        "\n".join(_taken(charts)),
        "/* Nothing of an event is part of a state. */",
        "inline forget() {\n    "
        + "; ".join(f"{name} = 0" for name in (*_INPUTS, "in_kind", "event", "taken", "verdict", "before"))
        + "\n}",
        _INSISTS,
        _PEOPLE,
    )
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"
