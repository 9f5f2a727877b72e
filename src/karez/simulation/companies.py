"""The courier companies of the simulated day: how much each brings, how it numbers waybills, what its label says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)  # UPU S10


@dataclass(frozen=True, slots=True)
class Company:
    """One courier company.

    Attributes
    ----------
    share
        Its share of the day's parcels; shares sum to 1. An estimate, no statistic.
    title, latin, hotline
        As printed on its label.
    colour
        Of its printed footer, red, green, blue.
    number
        Makes a waybill number of the company's public pattern.
    """

    share: float
    title: str
    latin: str
    hotline: str
    colour: tuple[int, int, int]
    number: Callable[[Random], str]


def s10_check_digit(serial: str) -> int:
    """Compute the check digit of an eight-digit postal serial number (UPU S10).

    Parameters
    ----------
    serial
        Eight digits.
    """
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choices("0123456789", k=count))


def _zto(rng: Random) -> str:
    # 77… would be an STO number as well; a ZTO one is not drawn from there.
    return "7" + rng.choice("3568") + _digits(rng, 12)


def _ems(rng: Random) -> str:
    serial = _digits(rng, 8)
    return f"{rng.choice(('EA', 'EB', 'EY', 'LK'))}{serial}{s10_check_digit(serial)}CN"


COMPANIES: Mapping[str, Company] = {
    "zto": Company(0.20, "中通快递", "ZTO EXPRESS", "95311", (20, 60, 150), _zto),
    "yto": Company(0.16, "圆通速递", "YTO EXPRESS", "95554", (90, 20, 120), lambda rng: "YT" + _digits(rng, 13)),
    "yunda": Company(
        0.15, "韵达速递", "YUNDA", "95546", (230, 180, 0), lambda rng: rng.choice(("43", "46")) + _digits(rng, 13)
    ),
    "sto": Company(0.13, "申通快递", "STO EXPRESS", "95543", (230, 90, 10), lambda rng: "77" + _digits(rng, 13)),
    "jt": Company(0.13, "极兔速递", "J&T EXPRESS", "956025", (210, 20, 40), lambda rng: "JT" + _digits(rng, 13)),
    "sf": Company(0.08, "顺丰速运", "SF EXPRESS", "95338", (40, 40, 40), lambda rng: "SF" + _digits(rng, 13)),
    "ems": Company(0.07, "中国邮政", "EMS", "11183", (0, 110, 70), _ems),
    "jd": Company(0.06, "京东快递", "JD EXPRESS", "950616", (220, 30, 30), lambda rng: "JDVB" + _digits(rng, 11)),
    "deppon": Company(0.02, "德邦快递", "DEPPON", "95353", (20, 40, 110), lambda rng: "DPK" + _digits(rng, 12)),
}
"""By short name. Number patterns: the prefixed, public forms that name the company safely."""
