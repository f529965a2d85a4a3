"""One page of the demonstration: what stands on it, and how it is drawn beside the messages that arrived."""

from typing import TYPE_CHECKING, Final, final

from attrs import frozen

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["Button", "Page", "drawn"]

_WIDE: Final = 100
"""From this width on, the messages stand beside the page, and not below it."""


@final
@frozen
class Button:
    """Something that can be done here.

    Attributes:
        sign: what is typed for it.
        label: what it says.
    """

    sign: str
    label: str


@final
@frozen(kw_only=True)
class Page:
    """What the person sees.

    Attributes:
        title: the heading.
        lead: what to do here.
        lines: what is shown or offered; each may be empty.
        buttons: what can be done here.
        notes: what is good to know, time left and telephone number included.
        commands: what can be typed on every page.
    """

    title: str
    lead: str = ""
    lines: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    notes: tuple[str, ...] = ()
    commands: str = ""


def drawn(page: Page, moment: str, boxes: "tuple[RenderableType, ...]", width: int) -> "RenderableType":
    """A page with the boxes beside it where the terminal is wide enough, and below it otherwise.

    Args:
        page: the page.
        moment: what the clock shows, in words.
        boxes: the phone, the mailbox and the letter-box.
        width: how many characters a line holds.
    """
    from rich.console import Group
    from rich.rule import Rule
    from rich.table import Table

    rule = Rule(moment, style="dim", align="left")
    if width < _WIDE:
        return Group("", rule, _panel(page), *boxes)
    columns = Table.grid(expand=True, padding=(0, 1))
    columns.add_column(ratio=1)
    columns.add_column(ratio=1)
    columns.add_row(_panel(page), Group(*boxes))
    return Group("", rule, columns)


def _panel(page: Page) -> "RenderableType":
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    body = Table.grid(expand=True)
    body.add_row(Text(page.title, style="bold"))
    for paragraph in (page.lead, "\n".join(page.lines)):
        if paragraph:
            body.add_row("")
            body.add_row(Text(paragraph))
    if page.buttons:
        body.add_row("")
        buttons = Table.grid(padding=(0, 2))
        for button in page.buttons:
            buttons.add_row(Text(button.sign, style="bold cyan"), Text(button.label))
        body.add_row(buttons)
    for note in (*page.notes, page.commands):
        if note:
            body.add_row("")
            body.add_row(Text(note, style="dim"))
    return Panel(body, border_style="blue")
