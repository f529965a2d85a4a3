"""A text that fails whoever looks at it before its length (R35)."""

from typing import NoReturn


class Endless(str):
    """Ten megabytes to whoever asks for the length; a failure to whoever does anything else first."""

    __slots__ = ()

    def __len__(self) -> int:
        return 10_000_000

    def _looked_at(self, *_: object) -> NoReturn:
        raise AssertionError("looked at before its length was")

    __hash__ = __iter__ = strip = translate = encode = lower = upper = split = _looked_at  # type: ignore[assignment]
