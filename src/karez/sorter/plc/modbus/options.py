"""What can be set of the Modbus driver beside the sorter's own settings."""

from typing import Self

from pydantic import Field, model_validator

from karez.sorter.plc.mailbox.layout import Block
from karez.sorter.plc.mailbox.options import MailboxOptions
from karez.sorter.plc.mailbox.records import WordOrder


class ModbusOptions(MailboxOptions):
    """``[sorter.options]`` of ``driver = "modbus"``."""

    unit_id: int = Field(1, ge=1, le=247, title="Unit", description="Modbus unit (slave) that holds the registers.")
    base_address: int = Field(
        0, ge=0, le=65_535, title="Base address", description="First holding register of the block, counted from 0."
    )
    word_order: WordOrder = Field(
        "high_first", title="Word order", description="Which word of a number of 32 or 64 bits comes first."
    )

    @property
    def block(self) -> Block:
        """Layout that these options make."""
        return Block(self.slots, self.word_order)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        last = self.base_address + self.block.size_bytes // 2 - 1
        if last > 65_535:
            raise ValueError(f"{self.slots} slots from register {self.base_address} on end at {last}, beyond 65535")
        return self
