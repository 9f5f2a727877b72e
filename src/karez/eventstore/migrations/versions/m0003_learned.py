"""What was learned from coding operators: one row an answer, erasable."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of answers."""
    op.create_table(
        "learned",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("address", sa.Text, nullable=False, index=True),
        sa.Column("area", sa.Text, nullable=False),
        sa.Column("operator", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False, index=True),
        sa.Column("decides", sa.Boolean, nullable=False),
    )
