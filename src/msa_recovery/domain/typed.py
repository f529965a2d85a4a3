"""How text that a person typed is bounded and rid of what only helps the eye, before anything reads it."""

from typing import Final

from .problem import Problem, ProblemCode

__all__ = ["DASHES", "SPACES", "bounded", "without"]

SPACES: Final = " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""Every space of Unicode, and the tab: what keyboards, phones and copied pages put between digits. No line break."""

DASHES: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
"""The hyphens, the dashes and the minus sign."""


def bounded(text: str, most: int, field: str) -> str | Problem:
    """The text without the spaces around it, or why there is nothing to read.

    The length is judged before any other work, spaces included, so that ten megabytes cost a refusal and no more (R35).

    Args:
        text: as typed.
        most: the longest text to look at, in code points.
        field: the input that a problem names.
    """
    if len(text) > most:
        return Problem(ProblemCode.TEXT_TOO_LONG, field, limit=most)
    return text.strip(SPACES) or Problem(ProblemCode.TEXT_MISSING, field)


def without(text: str, dropped: str) -> str:
    """The text without any of the characters of ``dropped``."""
    return text.translate(dict.fromkeys(map(ord, dropped)))
