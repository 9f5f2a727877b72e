"""Processes as a person starts them in a terminal."""

import signal


def hears_ctrl_c() -> None:
    """Run in a child before it begins: in the background of a script it would be ignored."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGINT, signal.SIG_DFL)
