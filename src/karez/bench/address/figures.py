"""How the tables of the address bench write a share."""


def share(part: int, whole: int) -> str:
    """Write a share in per cent with its count; a dash where there is nothing to share."""
    return f"{100 * part / whole:.2f} % ({part})" if whole else "–"
