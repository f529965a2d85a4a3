"""The HTML part of an e-mail: one narrow column, styles beside what they style, no image, no link, no script.

A mail client on a phone shows it as it is, one that blocks images has none to block, and what a reader is used to see
without a link cannot be imitated by a mail with one.
"""

from html import escape
from typing import Final

from msa_recovery.application.caller import Language
from msa_recovery.domain.secret import Secret
from msa_recovery.texts import Paragraph, Role, WrittenMessage, kept_together

__all__ = ["page_of"]

_BODY: Final = "margin:0;padding:0;background:#f2f4f1;color:#1d2520"
_SHEET: Final = (
    "max-width:560px;margin:0 auto;padding:24px 20px;background:#ffffff;color:#1d2520;"
    "font-family:Arial,Helvetica,sans-serif;font-size:17px;line-height:1.5"
)
_HEAD: Final = (
    "margin:0 0 20px;padding:0 0 12px;border-bottom:3px solid #2d6a3e;color:#1f4d2c;font-size:21px;line-height:1.3"
)
_STANDS_OUT: Final = (
    "display:block;margin:12px 0 0;padding:14px 10px;background:#eef4ef;color:#1d2520;border:2px solid #2d6a3e;"
    "border-radius:6px;font-family:'Courier New',Courier,monospace;font-size:26px;font-weight:bold;line-height:1.3;"
    "text-align:center;overflow-wrap:anywhere;word-break:break-all"
)
_PARAGRAPH: Final = "margin:0 0 16px"
_HELP: Final = f"{_PARAGRAPH};padding:12px 14px;background:#f2f4f1;color:#1d2520;overflow-wrap:anywhere"


def page_of(written: WrittenMessage, sender: str, secret: Secret | None, language: Language) -> str:
    """A whole HTML document.

    Args:
        written: its words; they are escaped here.
        sender: who writes, as its head says it.
        secret: what stands out, where the words have it.
        language: that of the words, for whoever has them read aloud.
    """
    paragraphs = "\n".join(_paragraph(each, secret) for each in written.paragraphs)
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{escape(written.subject)}</title>
</head>
<body style="{_BODY}">
<div role="article" lang="{language}" style="{_SHEET}">
<h1 style="{_HEAD}">{escape(sender)}<br><span style="font-weight:normal">{escape(written.subject)}</span></h1>
{paragraphs}
</div>
</body>
</html>
"""


def _paragraph(paragraph: Paragraph, secret: Secret | None) -> str:
    style = _HELP if paragraph.role is Role.HELP else _PARAGRAPH
    if paragraph.role is Role.SECRET and secret is not None:
        before, text, after = paragraph.text.partition(secret.reveal())
        shown = f'<strong style="{_STANDS_OUT}">{escape(text)}</strong>'
        return f'<p style="{style}">{_lines(before)}{shown}{_lines(after)}</p>'
    return f'<p style="{style}">{_lines(paragraph.text)}</p>'


def _lines(text: str) -> str:
    """An address that a phone has no room for breaks behind its @."""
    return escape(kept_together(text.strip())).replace("\n", "<br>\n").replace("@", "@<wbr>")
