"""The charts as a Promela model, which ``spin`` checks without knowing anything of our own step.

States, events and rows are printed from the compiled table; what a guard asks and an effect does is said once more, in
Promela, by ``promela_words.py``, and what happens around the rows by ``promela_frame.py``. Counts and deadlines are
bounded integers. Each row stands on a line of its own, marked with its label, so that what pan calls unreached can be
told by name.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msa_recovery.domain.compiler import Chart, Row
from msa_recovery.domain.errors import ChartError
from msa_recovery.domain.events import EventName
from msa_recovery.domain.journey import FINAL, ChartName, State
from msa_recovery.domain.policy import DAY, MONTH, Policy

from .promela_frame import DOORS, INSISTS, MACROS, PEOPLE, TIME
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
        MACROS,
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
        TIME.format(ticks=ticks, lengths=lengths),
        DOORS,
        "\n".join(_sent(charts)),
        "\n".join(_taken(charts)),
        "/* Nothing of an event is part of a state. */",
        "inline forget() {\n    "
        + "; ".join(f"{name} = 0" for name in (*_INPUTS, "in_kind", "event", "taken", "verdict", "before"))
        + "\n}",
        INSISTS,
        PEOPLE,
    )
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"
