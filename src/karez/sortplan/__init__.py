"""Destination → chute: the sort plan as a file, its faults by line, and the rules that assign a chute with a reason."""
