"""What a subject makes of one address."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """A place, or that none is given.

    Attributes
    ----------
    province, county, township, village
        Names; ``None`` where the subject gives none.
    former
        What the text called the county; only a subject with ``tells_former`` can say.
    tells_former
        Whether the subject gives today's county and says apart from it what the text called it.
    confidence
        0 to 1; ``None`` of a subject that gives none.
    candidates
        (province, county) of what remains where no place is given.
    why
        Reason code of the answer; for a subject that failed, what it raised.
    """

    province: str | None = None
    county: str | None = None
    township: str | None = None
    village: str | None = None
    former: str | None = None
    tells_former: bool = False
    confidence: float | None = None
    candidates: tuple[tuple[str | None, str | None], ...] = ()
    why: str = ""
