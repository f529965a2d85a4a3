"""Two password resets on Django, in this process, on a store as durable as ours: the peers of the web host.

django-allauth's reset by a code, and Django's own by a link. Both as their documentation sets them up, but for a hasher
that costs nothing, no rate limits (which would need a cache) and mail that stays in memory. They are called as a WSGI
server calls them.
"""

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Final, final
from urllib.parse import urlencode, urlsplit

__all__ = ["DjangoSite", "Visitor"]

_FULL: Final = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_LINK: Final = re.compile(r"https?://[^/\s]+(/\S+)")
_CODE: Final = re.compile(r"^\s*([A-Z0-9-]{6,9})\s*$", re.MULTILINE)


@final
class DjangoSite:
    """A Django project with both resets and one user. A process has one at most.

    Args:
        path: its SQLite file.
        user: the e-mail address of its user.
    """

    def __init__(self, path: Path, user: str) -> None:
        import django
        from django.conf import settings

        settings.configure(
            ALLOWED_HOSTS=["espace.example"],
            SECRET_KEY="of a benchmark, and of nothing else",
            ROOT_URLCONF="msa_recovery_benchmark_urls",
            DATABASES={
                "default": {
                    "ENGINE": "django.db.backends.sqlite3",
                    "NAME": path,
                    "OPTIONS": {"init_command": _FULL},
                    "CONN_MAX_AGE": None,
                }
            },
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            INSTALLED_APPS=[
                "django.contrib.admin",
                "django.contrib.auth",
                "django.contrib.contenttypes",
                "django.contrib.messages",
                "django.contrib.sessions",
                "allauth",
                "allauth.account",
            ],
            MIDDLEWARE=[
                "django.middleware.security.SecurityMiddleware",
                "django.contrib.sessions.middleware.SessionMiddleware",
                "django.middleware.csrf.CsrfViewMiddleware",
                "django.contrib.auth.middleware.AuthenticationMiddleware",
                "django.contrib.messages.middleware.MessageMiddleware",
                "allauth.account.middleware.AccountMiddleware",
            ],
            TEMPLATES=[
                {
                    "BACKEND": "django.template.backends.django.DjangoTemplates",
                    "APP_DIRS": True,
                    "OPTIONS": {
                        "context_processors": [
                            "django.template.context_processors.request",
                            "django.contrib.auth.context_processors.auth",
                            "django.contrib.messages.context_processors.messages",
                        ]
                    },
                }
            ],
            AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
            ACCOUNT_LOGIN_METHODS={"email"},
            ACCOUNT_SIGNUP_FIELDS=["email*", "password1*", "password2*"],
            ACCOUNT_RATE_LIMITS=False,
            ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED=True,
            LOGIN_REDIRECT_URL="/",
            LOGGING_CONFIG=None,
        )
        urls: Any = ModuleType("msa_recovery_benchmark_urls")
        sys.modules[urls.__name__] = urls
        django.setup()
        from allauth.account.models import EmailAddress
        from django.contrib import admin
        from django.contrib.auth import get_user_model
        from django.core import mail
        from django.core.management import call_command
        from django.core.wsgi import get_wsgi_application
        from django.http import HttpResponse
        from django.urls import include
        from django.urls import path as route

        urls.urlpatterns = [
            route("", lambda _: HttpResponse("home")),
            route("allauth/", include("allauth.urls")),
            route("django/", include("django.contrib.auth.urls")),
            # The pages of Django's own reset are the administration's.
            route("admin/", admin.site.urls),
        ]
        call_command("migrate", verbosity=0)
        owner = get_user_model().objects.create_user("marie", user, "Cep#Vendanges19")
        EmailAddress.objects.create(user=owner, email=user, verified=True, primary=True)
        mail.outbox = []
        self._mail: Any = mail
        self._user = user
        self.application: Callable[..., Any] = get_wsgi_application()

    def mailed(self) -> str:
        """The text of the message that came last."""
        text: str = self._mail.outbox[-1].body
        self._mail.outbox.clear()
        return text

    def by_code(self, visitor: "Visitor", password: str) -> None:
        """One reset with django-allauth: three forms."""
        visitor.open("/allauth/password/reset/")
        visitor.send(email=self._user)
        found = _CODE.search(self.mailed())
        if found is None:
            raise AssertionError("no code came")
        visitor.send(code=found[1])
        visitor.send(password1=password, password2=password)

    def by_link(self, visitor: "Visitor", password: str) -> None:
        """One reset with Django: two forms, and a link between them."""
        visitor.open("/django/password_reset/")
        visitor.send(email=self._user)
        found = _LINK.search(self.mailed())
        if found is None:
            raise AssertionError("no link came")
        visitor.open(found[1])
        visitor.send(new_password1=password, new_password2=password)


@final
class Visitor:
    """Keeps cookies and follows redirects; calls the application as a WSGI server does.

    Args:
        application: the site.
        clock: what time it is, in seconds.

    Attributes:
        steps: how long each form took, with the page that it led to.
    """

    def __init__(self, application: Callable[..., Any], clock: Callable[[], float]) -> None:
        self._application = application
        self._clock = clock
        self._cookies: dict[str, str] = {}
        self._path = ""
        self._text = ""
        self.steps: list[float] = []

    def open(self, path: str) -> None:
        """A page, and where it leads to."""
        location = self._asked("GET", path, b"")
        while location:
            location = self._asked("GET", location, b"")

    def send(self, **fields: str) -> None:
        """The form of this page, and the page that it leads to."""
        (token, *_) = _TOKEN.findall(self._text)
        body, start = urlencode({"csrfmiddlewaretoken": token, **fields}).encode(), self._clock()
        location = self._asked("POST", self._path, body)
        if not location:
            raise AssertionError(f"{self._path} refused {sorted(fields)}: {self._text}")
        while location:
            location = self._asked("GET", location, b"")
        self.steps.append(self._clock() - start)

    def _asked(self, method: str, location: str, body: bytes) -> str:
        self._path = urlsplit(location).path
        environment = {
            "REQUEST_METHOD": method,
            "PATH_INFO": self._path,
            "SCRIPT_NAME": "",
            "QUERY_STRING": urlsplit(location).query,
            "SERVER_NAME": "espace.example",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "espace.example",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": "203.0.113.7",
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
        }
        said: dict[str, str] = {}

        def start(_: str, headers: list[tuple[str, str]]) -> None:
            for name, value in headers:
                if name.lower() == "set-cookie":
                    kept, _, text = value.partition(";")[0].partition("=")
                    self._cookies[kept] = text
                said[name.lower()] = value

        response = self._application(environment, start)
        self._text = b"".join(response).decode()
        response.close()
        return said.get("location", "")
