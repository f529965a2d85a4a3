"""The person's side of the demonstration: what is shown, and what is typed."""

from typing import TYPE_CHECKING, Final, Protocol, final

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

__all__ = ["Lines", "Terminal"]

_SHOWN: Final = 200
"""How many of the characters that came through a pipe are shown."""


class Lines(Protocol):
    """Lines that were typed elsewhere, as an open text file gives them."""

    def readline(self) -> str:
        """The next line with its end; empty when there is none."""
        ...


@final
class Terminal:
    """Shows pages and asks for a line.

    Args:
        console: where everything is shown.
        typed: where lines come from when nobody sits there: a pipe, a file, a test. ``None`` asks at the console.
        show_passwords: whether a password is shown while it is typed.
    """

    def __init__(self, console: "Console", typed: Lines | None = None, *, show_passwords: bool = False) -> None:
        self._console = console
        self._typed = typed
        self._show_passwords = show_passwords

    @property
    def width(self) -> int:
        """How many characters a line holds."""
        return self._console.width

    def show(self, *parts: "RenderableType") -> None:
        """Show these, one under the other. Text is shown as it is: what is in brackets is no markup."""
        self._console.print(*parts, sep="\n", markup=False, highlight=False)

    def remark(self, text: str, *, good: bool) -> None:
        """Show something that must not be overlooked, good news or bad."""
        from rich.text import Text

        self._console.print(Text(text, style="bold green" if good else "bold red"))

    def ask(self, label: str, *, hidden: bool = False) -> str:
        """One line, without its end.

        What comes from a pipe is shown behind the label, as it would be seen if it had been typed.

        Args:
            label: what is asked for.
            hidden: whether it is a password.

        Raises:
            EOFError: there is nothing more.
        """
        from rich.text import Text

        prompt, hide = Text(f"{label} > ", style="bold"), hidden and not self._show_passwords
        if self._typed is None:
            return self._console.input(prompt, password=hide)
        line = self._typed.readline()
        if not line:
            raise EOFError
        line = line.rstrip("\r\n")
        start = line[:_SHOWN]
        seen = "".join(character if character.isprintable() else "\ufffd" for character in start)
        self._console.print(prompt.append("•" * len(start) if hide else seen, style="not bold"))
        return line
