"""``msa-recovery messages``: what people receive, for those who own the wording."""

from pathlib import Path
from typing import Annotated

import typer

from msa_recovery.application.caller import Language

from .complaints import complain, complaint, told_in_one_line

__all__ = ["messages_app"]

messages_app = typer.Typer(rich_markup_mode=None)


@messages_app.callback(invoke_without_command=True)
def _root(context: typer.Context) -> None:
    """Look at what people receive."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@messages_app.command()
def preview(
    out: Annotated[Path, typer.Option(help="Where to; made when it is missing.", metavar="FOLDER", show_default=False)],
    lang: Annotated[Language, typer.Option(help="What the person reads.")] = Language.FR,
    png: Annotated[bool, typer.Option(help="Pictures too, where Chromium and pdftoppm are installed.")] = True,
) -> None:
    """Write every message with sample data: text, and e-mail as HTML and PNG, letters as PDF and PNG.

    An e-mail's picture shows it on a phone and on a desktop.
    """
    from .previews import written

    try:
        with told_in_one_line(out):
            out.mkdir(parents=True, exist_ok=True)
            count = len(written(out, lang))
    except ModuleNotFoundError as missing:
        raise complaint(f"letters need {missing.name}: pip install 'msa-recovery[letters]'") from None
    if png:
        from .pictures import pictured

        with told_in_one_line(out):
            pictures, missing_tools = pictured(out)
        count += len(pictures)
        for tool, of in missing_tools:
            complain(f"no pictures of {of}: {tool} is not installed, or fails")
    typer.echo(f"{out}: {count} files")
