"""The search for secrets finds what it is there to find: each bug that shows one, and each usual disguise."""

import base64
import hashlib
import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest

from msa_recovery.adapters.vault import Vault
from msa_recovery.application.errors import UnknownHandle
from msa_recovery.application.messages import Message
from msa_recovery.application.reply import Reply
from msa_recovery.application.sealed import headed, split
from msa_recovery.cli.playing import STORIES
from msa_recovery.domain.identifiers import Nir
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.tapped import Call
from tests.attack.test_secrets_are_seen_nowhere import watched
from tests.support.spied import Spied

TEXT = "Tournesol-bleu-47! à Orthez"
SMS, OLD_HANDLE = "recovery by SMS", "the handle from before the sign-in is unknown"

BEFORE_AND_AFTER: Final = (b"", b"a", b"ab", b"abc")


@pytest.mark.parametrize(
    "disguised",
    [
        pytest.param(str.encode, id="utf-8"),
        pytest.param(lambda text: text.encode("utf-16"), id="utf-16"),
        pytest.param(lambda text: text.encode("utf-16-be"), id="utf-16, big end first"),
        pytest.param(lambda text: text.encode("utf-32"), id="utf-32"),
        pytest.param(lambda text: text.encode("latin-1"), id="latin-1"),
        pytest.param(lambda text: json.dumps({"a": text}).encode(), id="json"),
        pytest.param(lambda text: repr(text.encode()).encode(), id="repr of bytes"),
        pytest.param(lambda text: quote(text, safe="").encode(), id="url"),
        pytest.param(lambda text: text.encode().hex().encode(), id="hex"),
        pytest.param(lambda text: text.encode().hex().upper().encode(), id="hex in capitals"),
        pytest.param(lambda text: text[::-1].encode(), id="backwards"),
        pytest.param(lambda text: text.upper().encode(), id="capitals"),
        pytest.param(lambda text: base64.b32encode(text.encode()), id="base32"),
        pytest.param(lambda text: hashlib.sha256(text.encode()).digest(), id="sha-256"),
        pytest.param(lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().encode(), id="md5"),
        pytest.param(lambda text: base64.b64encode(hashlib.sha1(text.encode()).digest()), id="sha-1 in base64"),  # noqa: S324
    ],
)
def test_a_secret_is_found_in_disguise(disguised: Callable[[str], bytes]) -> None:
    spied = Spied()
    spied.add(TEXT)
    assert [TEXT] == spied.found_in(b"before" * 20 + disguised(TEXT) + b"\0" * 100)


@pytest.mark.parametrize("encoded", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("before", BEFORE_AND_AFTER)
@pytest.mark.parametrize("after", BEFORE_AND_AFTER)
def test_a_secret_is_found_within_something_encoded(
    encoded: Callable[[bytes], bytes], before: bytes, after: bytes
) -> None:
    spied = Spied()
    spied.add("482913570264")
    assert ["482913570264"] == spied.found_in(b"before" + encoded(before + b"482913570264" + after))


def test_what_is_not_there_is_not_found() -> None:
    spied = Spied()
    spied.add(TEXT, "0042")
    assert [] == spied.found_in(b"Tournesol-bleu-48 0042" * 20)


# -- bugs --------------------------------------------------------------------------------------------------------------


def _logs_codes(call: Call, go: Callable[[], Any]) -> Any:
    answer = go()
    if call.method == "code":
        logging.getLogger("msa_recovery").debug("drawn: %s", answer.reveal())
    return answer


def _plain_hash(_: Vault, __: object, *fields: bytes) -> bytes:
    return headed("test", hashlib.sha256(fields[-1] if fields else b"").digest())


def _says_which(self: UnknownHandle) -> None:
    # The handle is a local of the frame that raises.
    Exception.__init__(self, f"no journey has this handle: {sys._getframe(1).f_locals['handle'].reveal()}")


BUGS: Final[dict[str, tuple[str, list[tuple[object, str, object]]]]] = {
    "a message shows its secret": (
        SMS,
        [(Message, "__repr__", lambda self: f"{self.secret and self.secret.reveal()}")],
    ),
    "a secret shows itself": (SMS, [(Secret, "__repr__", Secret.reveal)]),
    "an identifier shows itself": (SMS, [(Nir, "__repr__", lambda self: self.digits)]),
    "a reply shows its account": (SMS, [(Reply, "__repr__", lambda self: str(self.account))]),
    "an account is named after its identifier": (SMS, [(Vault, "pseudonym", lambda _, canonical: canonical)]),
    "nothing is sealed": (
        SMS,
        [
            (Vault, "seal", lambda _, plain, **__: headed("test", plain)),
            (Vault, "unseal", lambda _, sealed, **__: split(sealed)[1]),
        ],
    ),
    "a code is kept under a plain hash": (
        SMS,
        [
            (Vault, "digest", _plain_hash),
            (Vault, "verify", lambda _, __, expected, *fields: expected == _plain_hash(_, __, *fields)),
        ],
    ),
    "an error says which handle it was": (OLD_HANDLE, [(UnknownHandle, "__init__", _says_which)]),
}
"""By name: the story in which it shows, and what is put in the place of what."""


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_that_shows_a_secret_is_found(bug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    title, changes = BUGS[bug]
    for owner, name, instead in changes:
        monkeypatch.setattr(owner, name, instead)
    story = next(story for story in STORIES if story.title == title)
    assert watched(story, tmp_path).told()


def test_a_log_line_with_a_code_is_found(tmp_path: Path) -> None:
    story = next(story for story in STORIES if story.title == SMS)
    assert {"logs"} == watched(story, tmp_path, _logs_codes).told().keys()
