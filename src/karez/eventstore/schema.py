"""The tables, as SQLAlchemy Core sees them; migrations/ makes and changes them."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text, UniqueConstraint, text

metadata = MetaData()

# SQLite's row id is only 64 bit wide when the column is declared INTEGER.
_BIG = BigInteger().with_variant(Integer, "sqlite")

events = Table(
    "events",
    metadata,
    Column("position", _BIG, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at_us", BigInteger, nullable=False),  # microseconds since 1970 UTC
    Column("kind", Text, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("data", Text, nullable=False),  # JSON
    UniqueConstraint("stream", "version", name="events_stream_version"),
)

telegrams = Table(
    "telegrams",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False),
    Column("direction", Text, nullable=False),  # see `append.Journalled`
    Column("session", Text, nullable=False),
    Column("seq", _BIG, nullable=False),
    Column("type", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON
    Column("position", BigInteger),  # of the last event committed with it or before it
)

personal = Table(
    "personal",
    metadata,
    Column("parcel", Text, primary_key=True),
    Column("at_us", BigInteger, nullable=False, index=True),
    Column("data", Text, nullable=False),
)

advice = Table(
    "advice",
    metadata,
    Column("waybill", Text, primary_key=True),
    Column("at_us", BigInteger, nullable=False, index=True),
    Column("data", Text, nullable=False),
)

learned = Table(
    "learned",
    metadata,
    Column("id", Text, primary_key=True),
    Column("address", Text, nullable=False),  # as addresses are compared; erasable
    Column("area", Text, nullable=False),
    Column("operator", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False, index=True),
    Column("decides", Boolean, nullable=False),
    Index("ix_learned_address", "address", postgresql_ops={"address": "text_pattern_ops"}),
)

_NUMBERED = text("waybill IS NOT NULL")
_UNFINISHED = text("finished_at_us IS NULL")
parcels = Table(
    "parcels",
    metadata,
    Column("parcel", Text, primary_key=True),
    Column("waybill", Text),
    Column("company", Text),
    Column("state", Text, nullable=False),
    Column("chute", Text),
    Column("area", Text),
    Column("county_name", Text),
    Column("laps", _BIG, nullable=False),
    Column("inducted_at_us", BigInteger, nullable=False),
    Column("finished_at_us", BigInteger),
    Index(
        "ix_parcels_waybill",
        "waybill",
        sqlite_where=_NUMBERED,
        postgresql_where=_NUMBERED,
        postgresql_ops={"waybill": "text_pattern_ops"},
    ),
    Index("parcels_open", "inducted_at_us", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
    Index("parcels_inducted", "inducted_at_us"),
)

standing = Table(
    "standing",
    metadata,
    Column("what", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)

# A projection named here was filled from the events of before it existed, and has been kept with every event since.
projections = Table(
    "projections",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
