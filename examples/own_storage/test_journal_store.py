"""The journal keeps the contract of a store, as it is and started anew before every call; and recoveries go on it."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from journal_store import JournalStore

from msa_recovery.application.facts import Checkpoint
from msa_recovery.application.records import Change
from msa_recovery.testing.contracts import StoreContract
from msa_recovery.testing.machine import RecoveryMachine
from msa_recovery.testing.people import START

CHANGE = Change(checkpoint=Checkpoint(1, START, 0, 0, b"digest", b"", b"mac"))


class TestJournalStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path):
        store = JournalStore(tmp_path / "journal")
        yield store
        store.close()

    def audit(self, store):
        return store.audit()


class Restarted:
    """Forgets before every call all that is not in the journal."""

    def __init__(self, path):
        self.store = JournalStore(path)

    def __getattr__(self, name):
        def call(*arguments):
            with self.store._lock:
                self.store._held = None
                return getattr(self.store, name)(*arguments)

        return call


class TestRestartedJournalStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path):
        restarted = Restarted(tmp_path / "journal")
        yield restarted
        restarted.store.close()

    def audit(self, store):
        return store.audit()


class JournalMachine(RecoveryMachine):
    """Whole recoveries on what the journal holds, each answer held against that of dictionaries; and no secret is ever
    in the file."""

    def make_store(self):
        self._folder = TemporaryDirectory()
        self._path = Path(self._folder.name, "journal")
        self._restarted = Restarted(self._path)
        return self._restarted

    def everything_stored(self):
        return [self._path.read_bytes()]

    def teardown(self):
        super().teardown()
        self._restarted.store.close()
        self._folder.cleanup()


TestJournal = JournalMachine.TestCase
TestJournal.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)


def test_a_line_that_a_crash_cut_off_is_as_if_it_never_was(tmp_path):
    path = tmp_path / "journal"
    store = JournalStore(path)
    assert store.commit(CHANGE)
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    store = JournalStore(path)
    assert store.last_checkpoint() is None
    assert store.commit(CHANGE)
    store.close()
    assert whole == path.read_bytes()


def test_what_could_not_be_written_has_not_happened(tmp_path, monkeypatch):
    def fails(_):
        raise OSError("no")

    store = JournalStore(tmp_path / "journal")
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fails)
        with pytest.raises(OSError, match="no"):
            store.commit(CHANGE)
    assert store.last_checkpoint() is None
    assert store.commit(CHANGE)
    store.close()


def test_a_second_process_is_refused(tmp_path):
    store = JournalStore(tmp_path / "journal")
    with pytest.raises(BlockingIOError):
        JournalStore(tmp_path / "journal")
    store.close()
