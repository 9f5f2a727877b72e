"""The error tree: broken promises and broken wires. What the trade calls normal is a value, not an error.

::

    KarezError
    ├── BadInput            what someone gave us is wrong: says what, where, and what now
    │   ├── BadConfig       settings, plan, areas, gazetteer files: file, line, field
    │   └── BadTelegram     bytes that are no telegram
    ├── StoreError          the event store
    │   ├── StoreTaken      another process writes to it
    │   ├── WrongVersion    someone else appended first
    │   ├── StoreFull       no space left on the device; nothing was written
    │   └── StoreAway       the database server cannot be reached
    └── MissingPart         a program, model or font that must be installed: how to get it
"""


class KarezError(Exception):
    """Base of all errors that Karez raises on purpose.

    Attributes
    ----------
    key
        Translation key, stable.
    """

    key = "error"


class BadInput(KarezError):
    """Input that cannot be used.

    Parameters
    ----------
    what
        What is wrong.
    where
        File, line, field, argument.
    advice
        What to do now.
    """

    key = "error.bad_input"

    def __init__(self, what: str, where: str = "", advice: str = "") -> None:
        self.what, self.where, self.advice = what, where, advice
        super().__init__(": ".join(part for part in (where, what) if part) + (f" — {advice}" if advice else ""))


class BadConfig(BadInput):
    """A configuration file that cannot be used; carries every fault found, not only the first.

    Parameters
    ----------
    file
        Its path as given.
    faults
        Each ``(line, field, what)``; line 0 where it is not known.
    """

    key = "error.bad_config"

    def __init__(self, file: str, faults: "list[tuple[int, str, str]]") -> None:
        self.file, self.faults = file, faults
        rows = [
            f"{file}:{line}: {field}: {what}" if line else f"{file}: {field}: {what}" for line, field, what in faults
        ]
        self.what, self.where, self.advice = "\n".join(rows), file, ""
        KarezError.__init__(self, self.what)


class BadTelegram(BadInput):
    """Bytes from a peer that are no telegram; the driver counts and skips them."""

    key = "error.bad_telegram"


class StoreError(KarezError):
    """The event store could not do what it was asked; nothing was written."""

    key = "error.store"


class StoreTaken(StoreError):
    """Another process has the store open for writing: there is one writer at a time."""

    key = "error.store_taken"


class WrongVersion(StoreError):
    """The stream is not at the expected version: someone else appended first."""

    key = "error.wrong_version"

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        self.stream, self.expected, self.actual = stream, expected, actual
        super().__init__(f"stream {stream} is at version {actual}, not {expected}")


class StoreFull(StoreError):
    """The disk is full. Nothing was written; the same append may succeed once there is space."""

    key = "error.store_full"


class StoreAway(StoreError):
    """The database server cannot be reached; the same may succeed once it is back."""

    key = "error.store_away"


class MissingPart(KarezError):
    """Something that must be installed is not there.

    Parameters
    ----------
    part
        What is missing.
    advice
        The command that brings it.
    """

    key = "error.missing_part"

    def __init__(self, part: str, advice: str) -> None:
        self.part, self.advice = part, advice
        super().__init__(f"{part} is missing — {advice}")
