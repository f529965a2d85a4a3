"""Messages of a recovery by Django's mail settings."""

from hashlib import sha256
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage

from msa_recovery import Channel
from msa_recovery.application.messages import Delivered, Rejected, TryLater
from msa_recovery.texts import message_text


class DjangoMail:
    """Implements ``Messenger``. A message that is sent again has the same ``Message-ID``."""

    def deliver(self, message, key):
        if message.channel is not Channel.EMAIL:
            return Rejected("this messenger sends e-mail only")
        words = message_text(message)
        name = sha256(key.encode()).hexdigest()[:32]
        headers = {
            "Message-ID": f"<{name}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
        }
        mail = EmailMessage(words.subject, words.body, to=message.to, headers=headers)
        try:
            return Delivered() if mail.send() else Rejected("no address")
        except SMTPRecipientsRefused as refused:
            for_good = all(500 <= code < 600 for code, _ in refused.recipients.values())
            return Rejected("the server refuses the address") if for_good else TryLater()
        except OSError:  # smtplib's are OSErrors too
            return TryLater()
