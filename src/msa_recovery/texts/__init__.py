"""The words that a person reads: French first, English second, and a host's own in place of either.

The functions speak with the shipped words; a host with words of its own makes a :class:`Texts`, whose methods they are.
"""

from typing import Final

from .catalogue import TextFault, UnknownText
from .texts import Overrides, Texts
from .times import answers_now
from .written import Paragraph, RenderedMessage, Role, WrittenMessage, kept_together

__all__ = [
    "TEXTS",
    "Overrides",
    "Paragraph",
    "RenderedMessage",
    "Role",
    "TextFault",
    "Texts",
    "UnknownText",
    "WrittenMessage",
    "answers_now",
    "channel_text",
    "contact_kind_text",
    "event_text",
    "helpdesk_text",
    "kept_together",
    "lasting_text",
    "message_text",
    "moment_text",
    "page_text",
    "problem_text",
    "question_text",
    "rule_text",
    "state_lead",
    "state_title",
    "strength_text",
]

TEXTS: Final = Texts()
"""The shipped words."""

channel_text = TEXTS.channel_text
contact_kind_text = TEXTS.contact_kind_text
event_text = TEXTS.event_text
helpdesk_text = TEXTS.helpdesk_text
lasting_text = TEXTS.lasting_text
message_text = TEXTS.message_text
moment_text = TEXTS.moment_text
page_text = TEXTS.page_text
problem_text = TEXTS.problem_text
question_text = TEXTS.question_text
rule_text = TEXTS.rule_text
state_lead = TEXTS.state_lead
state_title = TEXTS.state_title
strength_text = TEXTS.strength_text
