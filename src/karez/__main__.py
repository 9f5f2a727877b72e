"""``python -m karez`` is ``karez``."""

from karez.cli import main

main()
