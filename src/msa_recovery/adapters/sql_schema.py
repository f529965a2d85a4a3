"""The tables of the SQL stores, for every database alike, and how they come to be: by migrations (Alembic).

Moments are whole microseconds since 1970, UTC: they compare as numbers, and no database changes their time zone.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text, inspect, text

from msa_recovery.application.errors import InfrastructureError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

__all__ = ["HEAD", "METADATA", "as_moment", "as_number", "bring_up_to_date", "is_up_to_date"]

HEAD: Final = "0001"
"""The revision of the schema that this release works on."""

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

METADATA: Final = MetaData()

_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")
# By bytes: the same order in every database, and none that changes with a library of the system, which would leave
# indexes out of order.
_TEXT: Final = Text().with_variant(Text(collation="C"), "postgresql")

# Rows that are written again and again find room beside themselves, so that no index has to be told.
_ROOM: Final = {"fillfactor": 80}


def _only(condition: str) -> dict[str, Any]:
    """Which rows an index has: no others cost it anything."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


journeys = Table(
    "journeys",
    METADATA,
    Column("id", _TEXT, primary_key=True),
    Column("handle", LargeBinary, nullable=False, unique=True),
    Column("version", _NUMBER, nullable=False),
    Column("deadline", _NUMBER, nullable=False),
    Column("finished_at", _NUMBER),
    Column("pseudonym", _TEXT, nullable=False),
    Column("account", LargeBinary, nullable=False),
    Column("snapshot", _TEXT, nullable=False),
    Column("keys", _TEXT, nullable=False),
    Column("facts", _NUMBER, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Index(
        "journeys_due",
        "deadline",
        **_only("finished_at IS NULL"),
    ),
    Index(
        "journeys_finished",
        "finished_at",
        **_only("finished_at IS NOT NULL"),
    ),
    Index("journeys_keys", "keys", "id", **_only("keys <> ''")),
    Index("journeys_of_account", "pseudonym", "finished_at", **_only("pseudonym <> ''")),
    sqlite_strict=True,
    postgresql_with=_ROOM,
)

ledgers = Table(
    "ledgers",
    METADATA,
    Column("account", _TEXT, primary_key=True),
    Column("version", _NUMBER, nullable=False),
    Column("snapshot", _TEXT, nullable=False),
    Column("keys", _TEXT, nullable=False),
    Column("keys_until", _NUMBER),
    Column("until", _NUMBER, nullable=False),
    Column("facts", _NUMBER, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Index("ledgers_keys", "keys", "keys_until", **_only("keys <> ''")),
    Index("ledgers_idle", "until", **_only("version > 0")),
    sqlite_strict=True,
    postgresql_with=_ROOM,
)

outbox = Table(
    "outbox",
    METADATA,
    Column("sequence", _NUMBER, primary_key=True, autoincrement=True),
    Column("id", _TEXT, nullable=False, unique=True),
    Column("account", _TEXT, nullable=False),
    Column("journey", _TEXT, nullable=False),
    Column("channel", _TEXT, nullable=False),
    Column("contact", LargeBinary, nullable=False),
    Column("until", _NUMBER),
    Column("sealed", LargeBinary, nullable=False),
    Column("keys", _TEXT, nullable=False),
    Column("due", _NUMBER, nullable=False),
    Column("tries", _NUMBER, nullable=False),
    Column("state", _TEXT, nullable=False),
    Column("version", _NUMBER, nullable=False),
    Column("facts", _NUMBER, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Index("outbox_waiting", "channel", "due", "sequence", **_only("state = 'waiting'")),
    Index("outbox_dead", "state", "sequence", **_only("state = 'dead'")),
    Index("outbox_lost", "state", "sequence", **_only("state = 'lost'")),
    Index("outbox_of_journey", "journey"),
    Index("outbox_of_account", "account"),
    Index("outbox_keys", "keys", "id", **_only("keys <> ''")),
    sqlite_strict=True,
    postgresql_with=_ROOM,
)

intents = Table(
    "intents",
    METADATA,
    Column("account", _TEXT, primary_key=True),
    Column("number", _NUMBER, primary_key=True, autoincrement=False),
    Column("journey", _TEXT, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("keys", _TEXT, nullable=False),
    Index("intents_keys", "keys", "account", "number", **_only("keys <> ''")),
    sqlite_strict=True,
)

audit = Table(
    "audit",
    METADATA,
    Column("sequence", _NUMBER, primary_key=True, autoincrement=True),
    Column("at", _NUMBER, nullable=False),
    Column("account", _TEXT, nullable=False),
    Column("journey", _TEXT, nullable=False),
    Column("name", _TEXT, nullable=False),
    Column("row", _TEXT, nullable=False),
    Column("reason", _TEXT),
    Column("chain", _TEXT, nullable=False),
    Column("number", _NUMBER, nullable=False),
    Column("mac", LargeBinary, nullable=False),
    Index("audit_chains", "chain", "number", "sequence"),
    Index("audit_of_account", "account", "sequence", **_only("account <> ''")),
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
    Column("name", _TEXT, primary_key=True),
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


def is_up_to_date(connection: "Connection") -> bool:
    """Whether the tables are those of this release."""
    return _revision(connection) == HEAD


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
            f"{_place(connection.engine.url)}: its schema {found} was made by a newer release, this one knows {HEAD}: "
            "upgrade msa-recovery on this host",
        )
    command.upgrade(config, HEAD)


def _revision(connection: "Connection") -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return None if row is None else str(row[0])


def _place(url: "URL") -> str:
    return str(url.database) if url.host is None else f"the database {url.database} at {url.host}"
