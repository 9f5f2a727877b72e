"""The index of parcels, and how far each projection has read; filled from the events when the store opens."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the index tables."""
    op.create_table(
        "parcels",
        sa.Column("parcel", sa.Text, primary_key=True),
        sa.Column("waybill", sa.Text, index=True),
        sa.Column("company", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("chute", sa.Text),
        sa.Column("area", sa.Text),
        sa.Column("county_name", sa.Text),
        sa.Column("laps", sa.Integer, nullable=False),
        sa.Column("inducted_at_us", sa.BigInteger, nullable=False),
        sa.Column("finished_at_us", sa.BigInteger),
    )
    op.create_index("parcels_state", "parcels", ["state", "inducted_at_us"])
    op.create_index("parcels_inducted", "parcels", ["inducted_at_us"])
    op.create_table(
        "projections",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
