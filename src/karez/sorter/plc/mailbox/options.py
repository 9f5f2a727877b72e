"""What can be set of every mailbox: how large it is, and how often it is looked at."""

from pydantic import Field

from karez.domain.errors import BadConfig
from karez.settings import Section, SorterSection
from karez.sorter.plc.mailbox.layout import Block


class MailboxOptions(Section):
    """Must be the same at the hub and in the PLC's program, except for the poll interval."""

    slots: int = Field(32, ge=4, le=250, title="Slots", description="Telegrams that each of the two rings holds.")
    poll_ms: int = Field(10, ge=1, le=1_000, title="Poll interval", description="The calling end looks for news, ms.")

    @property
    def block(self) -> Block:
        """Layout that these options make."""
        return Block(self.slots)


def refuse_tls(settings: SorterSection) -> None:
    """Say that the link cannot be encrypted, rather than leave it open where TLS was asked for.

    Raises
    ------
    BadConfig
        Where the settings name a certificate, key or authority.
    """
    named = [name for name in ("tls_cert", "tls_key", "tls_ca") if getattr(settings, name) is not None]
    if named:
        what = f"driver {settings.driver!r} has no TLS: leave it out, and keep the link in a network of its own"
        raise BadConfig("sorter", [(0, f"sorter.{name}", what) for name in named])
