"""The usual sign-in: Django's own, but that an identifier may be typed with spaces and with its key."""

import unicodedata

from django.contrib.auth.backends import ModelBackend

from msa_recovery import Problem
from msa_recovery.domain.identifiers import parse_identifier


class IdentifierBackend(ModelBackend):
    """Reads what is typed as the recovery reads it: passwords in NFC, so that a key combination makes no difference."""

    def authenticate(self, request, username=None, password=None, **more):
        if username is None or password is None:
            return None
        identifier = parse_identifier(username)
        name = username if isinstance(identifier, Problem) else identifier.digits
        return super().authenticate(request, name, unicodedata.normalize("NFC", password), **more)
