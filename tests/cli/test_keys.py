"""``msa-recovery keys``: made, inspected and rotated, and never shown."""

import stat
from pathlib import Path

import pytest

from msa_recovery.adapters import clocks
from msa_recovery.adapters.keyring import Keys, RootKey, read_keys, write_keys
from msa_recovery.cli.folder import DemoFolder
from msa_recovery.domain.account import Channel
from tests.cli.said import said
from tests.cli.visit import NOW, from_message, visit

CAMILLE = "2 84 03 33 900 001 47"
BY_SMS = from_message(Channel.SMS)


def test_new_keys_are_for_their_owner_only_and_shown_to_nobody(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "keys.toml"
    code, out, _ = said(capsys, "keys", "new", str(path))
    keys = read_keys(path)
    assert (0, 0o600, True) == (code, stat.S_IMODE(path.stat().st_mode), keys.signer in out)
    assert not any(key.material.hex() in out for key in keys.ring)
    assert keys.identity.hex() not in out


def test_keys_are_never_overwritten(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    said(capsys, "keys", "new", str(path))
    before = path.read_text()
    code, _, err = said(capsys, "keys", "new", str(path))
    assert (1, before, 1) == (code, path.read_text(), len(err.splitlines()))


def test_checked_keys_are_named_and_not_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    keys = Keys.generate().rotated(RootKey.generate())
    write_keys(path, keys)
    code, out, _ = said(capsys, "keys", "check", str(path))
    assert (0, [True, True]) == (code, [key.key_id in out for key in keys.ring])
    assert [False, False] == [key.material.hex() in out for key in keys.ring]


def test_keys_that_others_can_read_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    write_keys(path, Keys.generate())
    path.chmod(0o644)
    code, out, err = said(capsys, "keys", "check", str(path))
    assert (1, "", 1, True) == (code, out, len(err.splitlines()), "chmod 600" in err)


@pytest.mark.parametrize("command", ["new", "check"])
def test_a_path_that_does_not_exist_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    code, _, err = said(capsys, "keys", command, str(tmp_path / "missing" / "keys.toml"))
    assert (1, 1, True) == (code, len(err.splitlines()), "missing" in err)


@pytest.fixture(autouse=True)
def _the_time_of_the_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a temporary password is dead is judged by the clock of the machine."""
    monkeypatch.setattr(clocks.SystemClock, "now", lambda _: NOW)


# -- rotation ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> DemoFolder:
    """A journey to which a code was sent, and one whose temporary password was delivered."""
    folder = DemoFolder(tmp_path / "demo")
    visit("2", CAMILLE, "1", BY_SMS, folder=folder)
    visit("0", "2", "151074090100206", "1", folder=folder)
    return folder


def paths(folder: DemoFolder) -> tuple[str, str]:
    return str(folder.path / "keys.toml"), str(folder.path / "recovery.sqlite")


def test_a_key_that_is_added_does_not_sign_yet(capsys: pytest.CaptureFixture[str], folder: DemoFolder) -> None:
    keys, _ = paths(folder)
    before = read_keys(Path(keys))
    assert 0 == said(capsys, "keys", "add", keys)[0]
    after = read_keys(Path(keys))
    assert (before.signer, 2) == (after.signer, len(after.ring))


def rotated(capsys: pytest.CaptureFixture[str], folder: DemoFolder) -> tuple[str, str]:
    """The ids of the key that signed before, and of the one that signs now."""
    keys, _ = paths(folder)
    said(capsys, "keys", "add", keys)
    old, new = (key.key_id for key in read_keys(Path(keys)).ring)
    assert 0 == said(capsys, "keys", "use", keys, new)[0]
    return old, new


def test_what_needs_the_old_key_is_said(capsys: pytest.CaptureFixture[str], folder: DemoFolder) -> None:
    old, _ = rotated(capsys, folder)
    keys, store = paths(folder)
    _, out, _ = said(capsys, "keys", "check", keys, "--store", store)
    needed = [line.strip().partition(" until ")[0] for line in out.splitlines()[1:]]
    assert [f"{old} is needed by 2 of the journeys", f"{old} is needed by 1 of the ledgers, the last one"] == needed


def test_what_can_be_sealed_anew_is(capsys: pytest.CaptureFixture[str], folder: DemoFolder) -> None:
    old, new = rotated(capsys, folder)
    keys, store = paths(folder)
    code, out, _ = said(capsys, "keys", "reseal", keys, store)
    assert (0, True) == (code, f"sealed anew with {new}: 2 journeys, 0 messages, 0 effects" in out)
    assert f"{old} is needed by 1 of the ledgers, the last one until " in out


def test_a_key_that_is_needed_stays(capsys: pytest.CaptureFixture[str], folder: DemoFolder) -> None:
    old, _ = rotated(capsys, folder)
    keys, store = paths(folder)
    code, _, err = said(capsys, "keys", "drop", keys, old, store)
    assert (1, f"msa-recovery: {old} is still needed: it stays\n") == (code, err)
    assert read_keys(Path(keys)).holds(old)


def test_a_key_that_nothing_needs_can_go(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path / "demo")
    visit("2", CAMILLE, "a", folder=folder)
    old, _ = rotated(capsys, folder)
    keys, store = paths(folder)
    said(capsys, "keys", "reseal", keys, store)
    assert 0 == said(capsys, "keys", "drop", keys, old, store)[0]
    assert not read_keys(Path(keys)).holds(old)
    assert "Vous avez abandonné la demande" in visit(folder=folder)


def test_the_key_that_signs_cannot_go(capsys: pytest.CaptureFixture[str], folder: DemoFolder) -> None:
    keys, store = paths(folder)
    code, _, err = said(capsys, "keys", "drop", keys, read_keys(Path(keys)).signer, store)
    assert (1, True) == (code, "let another one sign first" in err)


@pytest.mark.parametrize("command", ["use", "drop"])
def test_a_key_that_is_not_there_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], folder: DemoFolder, command: str
) -> None:
    keys, store = paths(folder)
    rest = (store,) if command == "drop" else ()
    assert (1, "", "msa-recovery: the ring has no key 'nonsense'\n") == said(
        capsys, "keys", command, keys, "nonsense", *rest
    )


@pytest.mark.parametrize("command", [("check", "--store"), ("reseal",)])
def test_a_ring_that_lacks_a_key_says_which(
    capsys: pytest.CaptureFixture[str], folder: DemoFolder, command: tuple[str, ...]
) -> None:
    keys, store = paths(folder)
    lost = read_keys(Path(keys)).signer
    write_keys(Path(keys), Keys.generate())
    code, _, err = said(capsys, "keys", command[0], keys, *command[1:], store)
    assert (1, 1, True) == (code, len(err.splitlines()), lost in err)


@pytest.mark.parametrize("command", [("check", "--store"), ("reseal",), ("drop", "nonsense")])
def test_a_store_that_is_not_there_is_told_and_not_made(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: tuple[str, ...]
) -> None:
    keys, store = tmp_path / "keys.toml", tmp_path / "store.sqlite"
    write_keys(keys, Keys((RootKey("first", b"1" * 32), RootKey("nonsense", b"2" * 32)), b"i" * 32))
    code, _, err = said(capsys, "keys", command[0], str(keys), *command[1:], str(store))
    assert (1, f"msa-recovery: {store}: there is no store\n", False) == (code, err, store.exists())


def test_no_key_is_ever_shown(capsys: pytest.CaptureFixture[str], folder: DemoFolder) -> None:
    keys, store = paths(folder)
    old, new = rotated(capsys, folder)
    ring = read_keys(Path(keys))
    shown = "".join(
        "".join(said(capsys, "keys", *command)[1:])
        for command in (
            ("check", keys, "--store", store),
            ("add", keys),
            ("use", keys, old),
            ("use", keys, new),
            ("reseal", keys, store),
            ("drop", keys, old, store),
        )
    )
    assert [] == [key for key in (*(each.material for each in ring.ring), ring.identity) if key.hex() in shown]
