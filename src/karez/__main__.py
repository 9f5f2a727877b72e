"""Where the command `karez` begins (also as ``python -m karez``)."""

import sys

INTERRUPTED = 130
"""Exit code of a command that Ctrl-C ended, as shells have it."""


def main() -> None:
    """Run a command; Ctrl-C ends it without a traceback, also while its parts are still being loaded."""
    try:
        if sys.argv[1:2] == ["hub-process"]:
            from karez.cli.hub_process import main as run
        else:
            from karez.cli.command_line import main as run
        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
