"""The tables of the SQL stores, for every database alike, and how they come to be: by migrations (Alembic).

Moments are whole microseconds since 1970, UTC: they compare as numbers, and no database changes their time zone.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text, inspect, text

from msa_recovery.application.errors import InfrastructureError

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["HEAD", "METADATA", "as_moment", "as_number", "bring_up_to_date"]

HEAD: Final = "0001"
"""The revision of the schema that this release works on."""

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

METADATA: Final = MetaData()

_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")
_WAITING: Final = text("state = 'waiting'")
_NAMED: Final = text("keys <> ''")
_HELD: Final = text("pseudonym <> ''")
_OF_SOMEBODY: Final = text("account <> ''")
_LEDGER: Final = text("version > 0")

journeys = Table(
    "journeys",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("handle", LargeBinary, nullable=False, unique=True),
    Column("version", _NUMBER, nullable=False),
    Column("deadline", _NUMBER, nullable=False),
    Column("finished_at", _NUMBER),
    Column("pseudonym", Text, nullable=False),
    Column("account", LargeBinary, nullable=False),
    Column("snapshot", Text, nullable=False),
    Column("keys", Text, nullable=False),
    Column("facts", _NUMBER, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Index("journeys_due", "deadline", sqlite_where=text("finished_at IS NULL")),
    Index("journeys_finished", "finished_at", sqlite_where=text("finished_at IS NOT NULL")),
    Index("journeys_keys", "keys", "id", sqlite_where=_NAMED),
    Index("journeys_of_account", "pseudonym", "finished_at", sqlite_where=_HELD),
    sqlite_strict=True,
)

ledgers = Table(
    "ledgers",
    METADATA,
    Column("account", Text, primary_key=True),
    Column("version", _NUMBER, nullable=False),
    Column("snapshot", Text, nullable=False),
    Column("keys", Text, nullable=False),
    Column("keys_until", _NUMBER),
    Column("until", _NUMBER, nullable=False),
    Column("facts", _NUMBER, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Index("ledgers_keys", "keys", "keys_until", sqlite_where=_NAMED),
    Index("ledgers_idle", "until", sqlite_where=_LEDGER),
    sqlite_strict=True,
)

outbox = Table(
    "outbox",
    METADATA,
    Column("sequence", _NUMBER, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("account", Text, nullable=False),
    Column("journey", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("contact", LargeBinary, nullable=False),
    Column("until", _NUMBER),
    Column("sealed", LargeBinary, nullable=False),
    Column("keys", Text, nullable=False),
    Column("due", _NUMBER, nullable=False),
    Column("tries", _NUMBER, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", _NUMBER, nullable=False),
    Column("facts", _NUMBER, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Index("outbox_waiting", "channel", "due", "sequence", sqlite_where=_WAITING),
    Index("outbox_dead", "state", "sequence", sqlite_where=text("state = 'dead'")),
    Index("outbox_of_journey", "journey"),
    Index("outbox_of_account", "account"),
    Index("outbox_keys", "keys", "id", sqlite_where=_NAMED),
    sqlite_strict=True,
)

intents = Table(
    "intents",
    METADATA,
    Column("account", Text, primary_key=True),
    Column("number", _NUMBER, primary_key=True, autoincrement=False),
    Column("journey", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("keys", Text, nullable=False),
    Index("intents_keys", "keys", "account", "number", sqlite_where=_NAMED),
    sqlite_strict=True,
)

audit = Table(
    "audit",
    METADATA,
    Column("sequence", _NUMBER, primary_key=True, autoincrement=True),
    Column("at", _NUMBER, nullable=False),
    Column("account", Text, nullable=False),
    Column("journey", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("reason", Text),
    Column("chain", Text, nullable=False),
    Column("number", _NUMBER, nullable=False),
    Column("mac", LargeBinary, nullable=False),
    Index("audit_chains", "chain", "number", "sequence"),
    Index("audit_of_account", "account", "sequence", sqlite_where=_OF_SOMEBODY),
    sqlite_strict=True,
)

checkpoints = Table(
    "checkpoints",
    METADATA,
    Column("number", _NUMBER, primary_key=True, autoincrement=False),
    Column("at", _NUMBER, nullable=False),
    Column("through", _NUMBER, nullable=False),
    Column("facts", _NUMBER, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("before", LargeBinary, nullable=False),
    Column("mac", LargeBinary, nullable=False),
    sqlite_strict=True,
)

marks = Table(
    "marks",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", _NUMBER, nullable=False),
    sqlite_strict=True,
)
"""How far something has come, which only ever grows: ``sqlite_erasing.py`` says what."""


def as_number(moment: datetime) -> int:
    """A moment as the tables hold it."""
    return (moment - _EPOCH) // _MICROSECOND


_FIRST: Final = as_number(datetime.min.replace(tzinfo=UTC))
_LAST: Final = as_number(datetime.max.replace(tzinfo=UTC))


def as_moment(number: int) -> datetime:
    """A moment from the tables: aware, UTC. A number that somebody else wrote there, and that no calendar has, is the
    first or the last moment that there is: whoever reads it is to find out that it is not what was signed."""
    return _EPOCH + max(_FIRST, min(number, _LAST)) * _MICROSECOND


def bring_up_to_date(connection: "Connection") -> None:
    """Create the tables, or lift those of an older release, in the transaction of this connection.

    Raises:
        InfrastructureError: the tables were made by a newer release.
    """
    found = _revision(connection)
    if found == HEAD:
        return
    # Alembic takes long to import, and is needed once in the life of a schema.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise InfrastructureError(
            "store",
            f"{connection.engine.url.database}: its schema {found} was made by a newer release, this one knows {HEAD}: "
            "upgrade msa-recovery on this host",
        )
    command.upgrade(config, HEAD)


def _revision(connection: "Connection") -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return None if row is None else str(row[0])
