"""What somebody sends who means no good, or whose program is broken."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from hypothesis import strategies as st

from msa_recovery.domain.secret import Secret

__all__ = ["MADE_UP", "anything", "mutated", "mutated_bytes", "texts"]

_LENGTHS: Final = (1, 63, 64, 65, 128, 129, 1_024, 1_025, 100_000, 10_000_000)

MADE_UP: Final = (
    *(
        "",
        " ",
        "\0",
        "\ud800",
        "\udfff\ud800",
        "\u202e4100\u202c",
        "é" * 3,
        "e\u0301" * 3,
        "\ufeff",
        "٣٤٥٦",
        "０４２４",
    ),
    *("1e999", "-0", "NaN", "Infinity", "1_000", "0x10", "' OR 1=1 --", "<script>", "${7*7}", "%s%n", "{0.__class__}"),
    *("\r\nX: y", "\u2028", "👩\u200d🌾", "ﬁ", "İ", "ß", "\u0345" * 50, "\U0010ffff", "..", "/etc/passwd", "a@b", "@"),
    *("2 84 03 33 900 001 47", "28403339000014799", "999 991 011 00019", "1990133990001", "146092A907009"),
    *(
        "1 234,56 €",
        "1 234,5",
        "+33 6 00 00 00 11",
        "0600000011;ext=5",
        "tel:+33",
        "camille@example.org",
        "a@[127.0.0.1]",
    ),
    *("sms", "email", "letter", "vitale_serial", "benefit_amount", "mobile", "0042", "Tournesol-bleu-47!"),
)
"""Text that has gone wrong somewhere before, and text that is nearly right."""

texts: Final[st.SearchStrategy[str]] = st.one_of(
    st.sampled_from(MADE_UP),
    st.text(st.characters()),
    st.lists(st.sampled_from(MADE_UP), max_size=4).map("".join),
    st.builds(
        lambda piece, length: piece * length,
        st.sampled_from(("0", "a", "é", "\ud800", " ", "1,")),
        st.sampled_from(_LENGTHS),
    ),
)
"""Any text at all: lone surrogates, NUL, marks that turn a line round, ten million characters."""

anything: Final[st.SearchStrategy[Any]] = st.one_of(
    texts,
    texts.map(Secret),
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=50),
    st.sampled_from(
        (
            object(),
            [],
            {},
            (),
            set[str](),
            type,
            len,
            NotImplemented,
            ...,
            date.max,
            datetime.max.replace(tzinfo=UTC),
            UTC,
        )
    ),
    st.lists(st.text(max_size=3), max_size=3),
)
"""A value of any type."""


@st.composite
def mutated(draw: st.DrawFn, originals: Sequence[str]) -> str:
    """One of these texts with something cut out, doubled, or put in."""
    text = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from((0, 1, 2, 8, 40))))
        middle = draw(
            st.sampled_from(("", text[start:end] * 2, "null", "0", "-1", "{", "]", '"', "\n", "\0", "1e400", "é"))
        )
        text = text[:start] + middle + text[end:]
    return text


@st.composite
def mutated_bytes(draw: st.DrawFn, original: bytes) -> bytes:
    """These bytes with something cut off, or some of them changed."""
    made = bytearray(original[: draw(st.integers(0, len(original)))] if draw(st.booleans()) else original)
    for _ in range(draw(st.integers(0, 3))):
        if made:
            made[draw(st.integers(0, len(made) - 1))] = draw(st.integers(0, 255))
    return bytes(made) + draw(st.sampled_from((b"", b"\0", b"x" * 40)))
