"""Write the words that doubtful readings are held against: the gazetteer's names, and what stands beside them."""

import argparse
from pathlib import Path

from karez.reading.uyghur_letters import normalised
from uyghur.lines import UNITS
from uyghur.names import COMMON, GENERIC, known_names


def main() -> None:
    """Write one word a line, sorted."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("words", type=Path, help="src/karez/reading/data/uyghur_words.txt")
    names = [normalised(name) for name in (*known_names(), *GENERIC, *COMMON, *UNITS)]
    words = sorted({word for name in names for word in name.split()})
    parser.parse_args().words.write_text("\n".join(words) + "\n", "utf-8")
    print(len(words), "words")


if __name__ == "__main__":
    main()
