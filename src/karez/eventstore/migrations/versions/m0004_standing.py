"""What still stands, the place of a telegram among the events, and an index of parcels that are still on the sorter."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make a start as quick with ten million events as with none."""
    op.create_table(
        "standing",
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
    op.add_column("telegrams", sa.Column("position", sa.BigInteger))
    op.drop_index("parcels_state", "parcels")
    unfinished = sa.text("finished_at_us IS NULL")
    op.create_index("parcels_open", "parcels", ["inducted_at_us"], sqlite_where=unfinished, postgresql_where=unfinished)
    if op.get_bind().dialect.name == "postgresql":
        _find_beginnings()


def _find_beginnings() -> None:
    """Let an index answer LIKE 'beginning%' under any collation; SQLite's indexes do already."""
    for table, column in (("parcels", "waybill"), ("learned", "address")):
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(f"ix_{table}_{column}", table, [column], postgresql_ops={column: "text_pattern_ops"})
