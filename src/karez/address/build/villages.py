"""The villages of the whole country for the parser of parts: from the statistical list of 2023."""

from karez.address.build.lists import villages_2023
from karez.address.build.packages import Archives
from karez.address.parts.villages import pack_villages


def villages_file(archives: Archives) -> bytes:
    """Return the bytes of the file that `karez.address.parts.villages` reads; a county is its code's first six."""
    return pack_villages((code[:6], name) for code, name, _ in villages_2023(archives))
