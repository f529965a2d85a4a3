"""How Alembic runs the migrations: on the connection that the store hands over, in its transaction."""

from alembic import context

from msa_recovery.adapters.sql_schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
