"""What can be set of the TCP driver beside the sorter's own settings: nothing."""

from karez.settings import Section


class TcpOptions(Section):
    """No options of its own: address, role and heartbeat stand in the sorter's section."""
