"""What can be set of the S7 driver beside the sorter's own settings."""

from pydantic import Field

from karez.sorter.plc.mailbox.options import MailboxOptions


class S7Options(MailboxOptions):
    """``[sorter.options]`` of ``driver = "s7"``. Numbers in S7 memory always have their high word first."""

    db: int = Field(100, ge=1, le=65_535, title="Data block", description="Number of the DB; not optimised.")
    offset: int = Field(0, ge=0, le=60_000, title="Offset", description="First byte of the block in the DB.")
    rack: int = Field(0, ge=0, le=7, title="Rack", description="Of the CPU: 0 in an S7-1200 or S7-1500.")
    slot: int = Field(1, ge=0, le=31, title="Slot", description="Of the CPU: 1 in an S7-1200/1500, 2 in an S7-300.")
