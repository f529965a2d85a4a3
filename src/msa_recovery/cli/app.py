"""What can be typed behind ``msa-recovery``, with its help."""

import io
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, final

import typer
from typer.main import get_command

from msa_recovery.application.caller import Language
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.domain.compiler import Chart
from msa_recovery.domain.journey import ChartName
from msa_recovery.domain.machine import CHARTS

from .audit import audit_app
from .complaints import NAME, complain, complaint
from .coverage import coverage
from .forgetting import forget
from .keys import keys_app
from .messages import messages_app
from .operating import journeys, purge
from .outbox import outbox_app
from .risk import risk

if TYPE_CHECKING:
    from .folder import DemoFolder
    from .stage import Stage

__all__ = ["run"]

_app = typer.Typer(add_completion=False, rich_markup_mode=None)


def run(arguments: list[str]) -> int:
    """Run one command line; the code to end with. A user's mistake is one line on the error stream, no traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that knows no accents still shows the rest.
            stream.reconfigure(errors="replace")
    try:
        code = get_command(_app).main(arguments, prog_name=NAME, standalone_mode=False)
    except typer.TyperException as mistake:
        complain(mistake.format_message())
        return mistake.exit_code
    return code if isinstance(code, int) else 0


def _show_version(wanted: bool) -> None:
    from importlib.metadata import PackageNotFoundError, version

    if not wanted:
        return
    try:
        typer.echo(f"{NAME} {version(NAME)}")
    except PackageNotFoundError:
        typer.echo(f"{NAME}, from sources that are not installed")
    raise typer.Exit


@_app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """The account-recovery journey of the MSA (Mot de passe oublié): try it, draw it, and run it."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


# -- the demonstration -------------------------------------------------------------------------------------------------


@_app.command()
def demo(
    lang: Annotated[Language, typer.Option(help="What the person reads.")] = Language.FR,
    play: Annotated[bool, typer.Option("--play", help="Play every story unattended, and check each.")] = False,
    terminal: Annotated[bool, typer.Option("--terminal", help="Walk through it in this terminal, no browser.")] = False,
    port: Annotated[int, typer.Option(help="Where the pages are, on this machine.", min=0, max=65535)] = 8000,
    show_passwords: Annotated[
        bool, typer.Option("--show-passwords", help="Show a password while it is typed.")
    ] = False,
    folder: Annotated[
        Path, typer.Option(help="Where the visit is kept, for the next one to go on with.", metavar="FOLDER")
    ] = Path("msa-recovery-demo"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Delete what the last visit left, and start anew.")] = False,
) -> None:
    """Walk through the journey in a browser, with the phone, the mailbox and the letter-box beside it.

    The accounts are made up, and nothing is sent. Ctrl-C or Ctrl-D ends it; started again, it goes on from there.
    """
    if play:
        from .playing import STORIES
        from .playing import play as played

        raise typer.Exit(0 if played(STORIES, typer.echo) else 1)
    from msa_recovery.adapters.clocks import SystemClock

    from .folder import DemoFolder, FolderError

    now = SystemClock().now().replace(second=0, microsecond=0)
    try:
        kept = DemoFolder(folder)
        if fresh:
            kept.clear()
        with kept.opened(now) as stage:
            if terminal:
                _in_the_terminal(stage, kept, lang, show_passwords)
            else:
                _in_a_browser(stage, kept, lang, port)
    except (FolderError, InfrastructureError) as trouble:
        raise complaint(f"{trouble}; --fresh starts anew") from None
    except OSError as error:
        raise complaint(f"{error.filename or folder}: {error.strerror}") from None


def _in_the_terminal(stage: "Stage", kept: "DemoFolder", lang: Language, show_passwords: bool) -> None:
    from rich.console import Console

    from .demo import Demo
    from .terminal import Terminal

    typed = None if sys.stdin.isatty() else sys.stdin
    Demo(stage, Terminal(Console(), typed, show_passwords=show_passwords), lang, kept).run()


def _in_a_browser(stage: "Stage", kept: "DemoFolder", lang: Language, port: int) -> None:
    from .serving import serve
    from .web_demo import WebDemo
    from .words import WORDS

    serve(WebDemo(stage, kept).app(), port, lambda address: typer.echo(WORDS[lang].served.format(address=address)))


# -- the charts --------------------------------------------------------------------------------------------------------


@final
class Format(StrEnum):
    """What a chart is printed as."""

    MERMAID = "mermaid"
    DOT = "dot"
    MD = "md"
    SVG = "svg"
    SCXML = "scxml"
    PROMELA = "promela"


@_app.command()
def chart(
    format: Annotated[  # noqa: A002 - the option's name
        Format,
        typer.Option(help="mermaid, dot (Graphviz), md (tables), svg (a picture), scxml, promela (a model)."),
    ],
    chart: Annotated[
        ChartName | None,
        typer.Option(help="Which chart.", show_default="recovery, for md both; promela always has both"),
    ] = None,
) -> None:
    """Print a chart from the compiled table: every row, with its guards and its effects."""
    if format is Format.PROMELA:
        from msa_recovery.exploration.paths import SMALLEST
        from msa_recovery.exploration.promela import promela

        if chart is not None:
            raise typer.BadParameter("--chart: a promela model is of both charts")
        typer.echo(promela(CHARTS, SMALLEST), nl=False)
        return
    print_as = _printers()[format]
    if chart is None and format is Format.MD:
        # One picture shows one chart; a page of tables can hold both.
        typer.echo("\n".join(f"# {name}\n\n{print_as(each)}" for name, each in CHARTS.items()), nl=False)
    else:
        typer.echo(print_as(CHARTS[chart or ChartName.RECOVERY]), nl=False)


def _printers() -> Mapping[Format, Callable[[Chart], str]]:
    from msa_recovery.exploration import drawing
    from msa_recovery.exploration.scxml import scxml

    return MappingProxyType(
        {
            Format.MERMAID: drawing.mermaid,
            Format.DOT: drawing.dot,
            Format.MD: drawing.markdown,
            Format.SVG: drawing.svg,
            Format.SCXML: scxml,
        }
    )


# -- what an operator needs --------------------------------------------------------------------------------------------

_app.add_typer(keys_app, name="keys")
_app.add_typer(audit_app, name="audit")
_app.add_typer(messages_app, name="messages")
_app.add_typer(outbox_app, name="outbox")
for _command in (journeys, purge, forget, risk, coverage):
    _app.command()(_command)
