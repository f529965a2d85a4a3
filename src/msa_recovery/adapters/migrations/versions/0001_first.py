"""The first schema. A migration says in full what it does: it must not change when the tables of a later release do."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def only(condition: str) -> dict[str, Any]:
    """Which rows an index has."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Create every table."""
    words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    room = {"fillfactor": 80}
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "journeys",
        sa.Column("id", words, primary_key=True),
        sa.Column("handle", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("version", number, nullable=False),
        sa.Column("deadline", number, nullable=False),
        sa.Column("finished_at", number),
        sa.Column("pseudonym", words, nullable=False),
        sa.Column("account", sa.LargeBinary, nullable=False),
        sa.Column("snapshot", words, nullable=False),
        sa.Column("keys", words, nullable=False),
        sa.Column("facts", number, nullable=False),
        sa.Column("head", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
        postgresql_with=room,
    )
    op.create_index(
        "journeys_due",
        "journeys",
        ["deadline"],
        **only("finished_at IS NULL"),
    )
    op.create_index(
        "journeys_finished",
        "journeys",
        ["finished_at"],
        **only("finished_at IS NOT NULL"),
    )
    op.create_index("journeys_keys", "journeys", ["keys", "id"], **only("keys <> ''"))
    op.create_index("journeys_of_account", "journeys", ["pseudonym", "finished_at"], **only("pseudonym <> ''"))
    op.create_table(
        "ledgers",
        sa.Column("account", words, primary_key=True),
        sa.Column("version", number, nullable=False),
        sa.Column("snapshot", words, nullable=False),
        sa.Column("keys", words, nullable=False),
        sa.Column("keys_until", number),
        sa.Column("until", number, nullable=False),
        sa.Column("facts", number, nullable=False),
        sa.Column("head", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
        postgresql_with=room,
    )
    op.create_index("ledgers_keys", "ledgers", ["keys", "keys_until"], **only("keys <> ''"))
    op.create_index("ledgers_idle", "ledgers", ["until"], **only("version > 0"))
    op.create_table(
        "outbox",
        sa.Column("sequence", number, primary_key=True, autoincrement=True),
        sa.Column("id", words, nullable=False, unique=True),
        sa.Column("account", words, nullable=False),
        sa.Column("journey", words, nullable=False),
        sa.Column("channel", words, nullable=False),
        sa.Column("contact", sa.LargeBinary, nullable=False),
        sa.Column("until", number),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("keys", words, nullable=False),
        sa.Column("due", number, nullable=False),
        sa.Column("tries", number, nullable=False),
        sa.Column("state", words, nullable=False),
        sa.Column("version", number, nullable=False),
        sa.Column("facts", number, nullable=False),
        sa.Column("head", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
        postgresql_with=room,
    )
    op.create_index(
        "outbox_waiting",
        "outbox",
        ["channel", "due", "sequence"],
        **only("state = 'waiting'"),
    )
    op.create_index(
        "outbox_dead",
        "outbox",
        ["state", "sequence"],
        **only("state = 'dead'"),
    )
    op.create_index(
        "outbox_lost",
        "outbox",
        ["state", "sequence"],
        **only("state = 'lost'"),
    )
    op.create_index("outbox_of_journey", "outbox", ["journey"])
    op.create_index("outbox_of_account", "outbox", ["account"])
    op.create_index("outbox_keys", "outbox", ["keys", "id"], **only("keys <> ''"))
    op.create_table(
        "intents",
        sa.Column("account", words, primary_key=True),
        sa.Column("number", number, primary_key=True, autoincrement=False),
        sa.Column("journey", words, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("keys", words, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("intents_keys", "intents", ["keys", "account", "number"], **only("keys <> ''"))
    op.create_table(
        "audit",
        sa.Column("sequence", number, primary_key=True, autoincrement=True),
        sa.Column("at", number, nullable=False),
        sa.Column("account", words, nullable=False),
        sa.Column("journey", words, nullable=False),
        sa.Column("name", words, nullable=False),
        sa.Column("row", words, nullable=False),
        sa.Column("reason", words),
        sa.Column("chain", words, nullable=False),
        sa.Column("number", number, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("audit_chains", "audit", ["chain", "number", "sequence"])
    op.create_index("audit_of_account", "audit", ["account", "sequence"], **only("account <> ''"))
    op.create_table(
        "checkpoints",
        sa.Column("number", number, primary_key=True, autoincrement=False),
        sa.Column("at", number, nullable=False),
        sa.Column("through", number, nullable=False),
        sa.Column("facts", number, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("before", sa.LargeBinary, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "marks",
        sa.Column("name", words, primary_key=True),
        sa.Column("value", number, nullable=False),
        sqlite_strict=True,
    )
