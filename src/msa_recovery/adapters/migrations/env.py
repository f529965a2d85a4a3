"""How Alembic runs the migrations: on the connection that the store hands over.

On SQLite in its transaction, which the store has begun. On PostgreSQL each in one of its own, so that a migration may
step out of it (``op.get_context().autocommit_block()``) to make an index concurrently, while hosts go on.
"""

from alembic import context

from msa_recovery.adapters.sql_schema import METADATA

connection = context.config.attributes["connection"]
if connection.dialect.name == "sqlite":
    context.configure(connection=connection, target_metadata=METADATA)
    context.run_migrations()
else:
    connection.commit()
    context.configure(connection=connection, target_metadata=METADATA, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
