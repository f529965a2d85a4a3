"""What needs an extra says so where it is made, and names it: a message that waits says nothing."""

import subprocess
import sys

import pytest

from msa_recovery.adapters.letter_spool import LetterSpool
from msa_recovery.adapters.sms_gateway import SmsGatewayMessenger
from msa_recovery.adapters.sms_shape import SmsGateway
from msa_recovery.domain.errors import CallerError

GATEWAY = SmsGateway(url="https://sms.example/", body={"to": "{to}", "text": "{text}"})


def test_sms_say_what_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(CallerError, match=r"^SMS need httpx: pip install 'msa-recovery\[sms\]'$"):
        SmsGatewayMessenger(GATEWAY)


def test_letters_say_what_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(CallerError, match=r"^letters need fpdf: pip install 'msa-recovery\[letters\]'$"):
        LetterSpool("letters")


@pytest.mark.parametrize(
    ("package", "missing", "said"),
    [
        ("adapters.franceconnect", "authlib", "FranceConnect needs authlib: pip install 'msa-recovery[franceconnect]'"),
        ("adapters.franceconnect", "httpx", "FranceConnect needs httpx: pip install 'msa-recovery[franceconnect]'"),
        ("adapters.franceconnect", "joserfc", "FranceConnect needs joserfc: pip install 'msa-recovery[franceconnect]'"),
        ("web", "starlette", "the pages need starlette: pip install 'msa-recovery[web]'"),
        ("web", "jinja2", "the pages need jinja2: pip install 'msa-recovery[web]'"),
        ("web", "limits", "the pages need limits: pip install 'msa-recovery[web]'"),
    ],
)
def test_a_package_says_what_it_needs(package: str, missing: str, said: str) -> None:
    """In a process of its own, where it was not imported before."""
    program = f"""
import sys
from msa_recovery import CallerError

class Missing:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == {missing!r}:
            raise ModuleNotFoundError(name=name)

sys.meta_path.insert(0, Missing)
try:
    import msa_recovery.{package}
except CallerError as refused:
    print(refused)
"""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (f"{said}\n", "") == (done.stdout, done.stderr)
