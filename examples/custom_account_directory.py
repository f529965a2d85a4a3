"""A host's own accounts: the members of a town's sports club, in a SQLite table, and a recovery on them.

What a directory owes to the library is said in ``AccountDirectory`` (``msa_recovery/application/ports.py``). In short:

- an unknown account costs the work of a known one, so that time tells nothing: see ``password_matches``;
- ``apply`` does a thing once for each ``once``, in the transaction that remembers it, and says ``False`` for what can
  never be done;
- a contact that changes gets a new id, so that no secret follows it to another address.
"""

import hashlib
import hmac
import os
import sqlite3
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import assert_never

from msa_recovery import (
    AccountKey,
    AnswerChallenge,
    Caller,
    Channel,
    ChooseChannel,
    ChoosePassword,
    ConfirmContacts,
    EditContact,
    Helpdesk,
    Identify,
    Origin,
    Secret,
    SignIn,
    State,
    SubmitCode,
    compose,
)
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.application.intents import (
    DirectoryIntent,
    ReplacePassword,
    RevokeSessions,
    SetContactsMark,
    UpdateContacts,
)
from msa_recovery.domain.account import Account, AccountType, Contact, ContactId, VerifiedIdentity
from msa_recovery.domain.challenge import Amount, ChallengeKind, Proof
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.identifiers import Identifier, Nir
from msa_recovery.texts import message_text

HELPDESK = Helpdesk("MSA Sud Aquitaine", "03 20 90 05 00", "assistance@example.org")

SCHEMA = """
create table member (
    key text primary key, nir text not null unique, name text not null, address text not null,
    password blob not null, first_sign_in integer not null, to_confirm integer not null default 0,
    sessions_from text not null default ''
) strict;
create table contact (
    id text primary key, member text not null references member, kind text not null, value text not null,
    changed_at text, unique (member, kind)
) strict;
create table benefit (member text not null references member, cents integer not null, paid_on text not null) strict;
create table done (once text primary key) strict;
"""


class ClubDirectory:
    """Implements ``AccountDirectory`` on four tables. The host's own schema would stand in their place."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection
        self._sql.row_factory = sqlite3.Row
        self._nobody = _hashed("nobody's")

    def find(self, identifier: Identifier) -> Account | None:
        return self._account("nir", identifier.digits)

    def find_by_identity(self, identity: VerifiedIdentity) -> Account | None:  # noqa: ARG002 - the port's
        return None  # this club has no FranceConnect

    def get(self, key: AccountKey) -> Account | None:
        return self._account("key", key)

    def proofs(self, key: AccountKey, kind: ChallengeKind, since: date | None) -> tuple[Proof, ...]:
        if kind is not ChallengeKind.BENEFIT_AMOUNT:
            return ()
        rows = self._sql.execute(
            "select cents, paid_on from benefit where member = ? and paid_on >= ?", (key, str(since or ""))
        )
        return tuple(Proof(kind, Amount(row["cents"]), date.fromisoformat(row["paid_on"])) for row in rows)

    def password_matches(self, key: AccountKey, password: Secret) -> bool:
        row = self._sql.execute("select password from member where key = ?", (key,)).fetchone()
        kept = self._nobody if row is None else row["password"]
        return _same(kept, password.reveal()) and row is not None

    def apply(self, key: AccountKey, intent: DirectoryIntent, once: str) -> bool:
        now = datetime.now(UTC).isoformat()
        with self._sql:  # all of it or nothing
            if self._sql.execute("select key from member where key = ?", (key,)).fetchone() is None:
                return False
            if not self._sql.execute("insert or ignore into done values (?)", (once,)).rowcount:
                return True
            match intent:
                case ReplacePassword(password):
                    kept = _hashed(password.reveal())
                    self._sql.execute("update member set password = ?, first_sign_in = 0 where key = ?", (kept, key))
                case RevokeSessions():
                    self._sql.execute("update member set sessions_from = ? where key = ?", (now, key))
                case SetContactsMark(to_confirm):
                    self._sql.execute("update member set to_confirm = ? where key = ?", (to_confirm, key))
                case UpdateContacts(values):
                    for kind, value in values:
                        self._sql.execute("delete from contact where member = ? and kind = ?", (key, kind))
                        if value is not None:
                            line = (uuid.uuid4().hex, key, kind, value.text, now)
                            self._sql.execute("insert into contact values (?, ?, ?, ?, ?)", line)
                case _:
                    assert_never(intent)
        return True

    def _account(self, column: str, value: str) -> Account | None:
        row = self._sql.execute(f"select * from member where {column} = ?", (value,)).fetchone()  # noqa: S608 - ours
        contacts = self._sql.execute("select * from contact where member = ?", (row["key"] if row else "",)).fetchall()
        if row is None:
            return None
        return Account(
            key=AccountKey(row["key"]),
            type=AccountType.INDIVIDUAL,
            first_sign_in=bool(row["first_sign_in"]),
            identifiers=(Nir(row["nir"]),),
            contacts=tuple(map(_contact, contacts)),
            names=tuple(row["name"].split()),
            postal_address=(row["name"], *row["address"].split("\n")),
            fund=HELPDESK,
            contacts_to_confirm=bool(row["to_confirm"]),
        )


def _contact(row: sqlite3.Row) -> Contact:
    kind = ContactKind(row["kind"])
    value = EmailAddress(row["value"]) if kind is ContactKind.EMAIL else PhoneNumber(row["value"])
    changed_at = datetime.fromisoformat(row["changed_at"]) if row["changed_at"] else None
    return Contact(ContactId(row["id"]), kind, value, changed_at)


def _hashed(password: str, salt: bytes | None = None) -> bytes:
    salt = os.urandom(16) if salt is None else salt
    return salt + hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def _same(kept: bytes, password: str) -> bool:
    return hmac.compare_digest(kept, _hashed(password, kept[:16]))


# -- the host ----------------------------------------------------------------------------------------------------------


def club() -> sqlite3.Connection:
    """A database with one member, who never signed in."""
    sql = sqlite3.connect(":memory:")
    sql.executescript(SCHEMA)
    member = ("m-17", "1720833900042", "Paul Sarthou", "4 rue du Stade\n40000 Mont-de-Marsan", _hashed("none yet"), 1)
    sql.execute(
        "insert into member (key, nir, name, address, password, first_sign_in) values (?, ?, ?, ?, ?, ?)", member
    )
    sql.execute("insert into contact values ('c-1', 'm-17', 'email', 'paul.sarthou@example.org', null)")
    paid_on = datetime.now(UTC).date() - timedelta(days=50)
    sql.execute("insert into benefit values ('m-17', 23150, ?)", (paid_on.isoformat(),))
    sql.commit()
    return sql


sql, mailbox = club(), RecordingMessenger(Channel.EMAIL)
recovery = compose(
    accounts=ClubDirectory(sql),
    keys=Keys.generate(),
    store=MemoryStore(),
    helpdesk=HELPDESK,
    messengers={Channel.EMAIL: mailbox},
)
caller = Caller(origin=Origin("192.0.2.1"))


def received() -> str:
    """Read the message that came last, and take the secret from it."""
    recovery.relay()
    message = mailbox.messages()[-1]
    print(f"\n--- {message_text(message).subject}, to {message.to[0]}\n")
    return message.secret.reveal()


reply = recovery.begin(caller)
for typing in (
    lambda: Identify("1 72 08 33 900 042"),
    lambda: AnswerChallenge("benefit_amount", "231,50 €"),
    lambda: ChooseChannel("email"),
    lambda: SubmitCode(received()),
    lambda: SignIn(received()),
    lambda: ChoosePassword("Tournesol-bleu-47!", "Tournesol-bleu-47!"),
    lambda: EditContact("mobile", "06 00 00 00 51"),
    ConfirmContacts,
):
    event = typing()
    reply = recovery.send(reply.handle, event, caller)
    print(f"{event.name:16} -> {reply.view.state}")

assert reply.view.state is State.COMPLETED
directory = ClubDirectory(sql)
assert directory.password_matches(reply.account, Secret("Tournesol-bleu-47!"))
print("\nThe tables of the club now say:")
for row in sql.execute("select key, name, first_sign_in, to_confirm from member"):
    print("  member ", dict(row))
for row in sql.execute("select kind, value from contact order by kind"):
    print("  contact", dict(row))
