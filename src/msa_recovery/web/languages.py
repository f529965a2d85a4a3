"""Which of the two languages a browser gets: the one that was chosen by a link, or the one that it asks for."""

from typing import Final

from msa_recovery import Language

__all__ = ["language_of"]

_MOST: Final = 20


def language_of(chosen: str | None, accepted: str) -> Language:
    """French, unless English was chosen or is asked for before French.

    Args:
        chosen: what the cookie of the link says.
        accepted: the header ``Accept-Language``.
    """
    if chosen in tuple(Language):
        return Language(chosen)
    wanted = [_wish(part) for part in accepted.split(",")[:_MOST]]
    best = max(wanted, key=lambda wish: wish[1], default=("", 0.0))
    return Language(best[0]) if best[1] > 0 else Language.FR


def _wish(part: str) -> tuple[str, float]:
    """A language of ours, and how much it is wanted; nothing for another one."""
    name, _, parameter = part.partition(";")
    language = name.strip().lower().partition("-")[0]
    if language not in tuple(Language):
        return "", 0.0
    weight = parameter.strip().removeprefix("q=")
    try:
        return language, min(float(weight), 1.0) if parameter.strip() else 1.0
    except ValueError:
        return "", 0.0
