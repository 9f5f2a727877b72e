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
    if op.get_bind().dialect.name == "postgresql":  # numbers that a peer chooses; SQLite's are wide enough
        for table, column in (("telegrams", "seq"), ("parcels", "laps")):
            op.alter_column(table, column, existing_type=sa.Integer, type_=sa.BigInteger)
    for name in ("parcels_state", "ix_parcels_waybill"):
        op.drop_index(name, "parcels")
    op.drop_index("ix_learned_address", "learned")
    _create_index("parcels_open", "parcels", "inducted_at_us", where="finished_at_us IS NULL")
    _create_index("ix_parcels_waybill", "parcels", "waybill", where="waybill IS NOT NULL", beginnings=True)
    _create_index("ix_learned_address", "learned", "address", beginnings=True)


def _create_index(name: str, table: str, column: str, *, where: str | None = None, beginnings: bool = False) -> None:
    """Make an index of some rows, or one that answers LIKE 'beginning%' (SQLite's all do).

    PostgreSQL's does that under any collation with text_pattern_ops only
    (https://www.postgresql.org/docs/15/indexes-opclass.html).
    """
    some = None if where is None else sa.text(where)
    classes = {column: "text_pattern_ops"} if beginnings else {}
    op.create_index(name, table, [column], sqlite_where=some, postgresql_where=some, postgresql_ops=classes)
