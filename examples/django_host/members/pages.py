"""Pages in the words of the library."""

import secrets

from django.shortcuts import render

from msa_recovery.texts import page_text

from .recovery import language_of

SAID = ("brand", "sign_in", "identifier", "password", "forgotten", "private", "sign_out", "help")


def shown(request, template, *, status=200, **values):
    language = language_of(request)
    say = dict(zip(SAID, words(request, *SAID), strict=True))
    values = {**values, "say": say, "language": language, "request_id": secrets.token_urlsafe()}
    return render(request, f"members/{template}", values, status=status)


def words(request, *names):
    return [page_text(name, language_of(request)) for name in names]
