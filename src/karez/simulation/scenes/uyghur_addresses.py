"""Uyghur addresses of the bench: real counties; below them mostly places made up of real morphemes, in no gazetteer."""

from collections.abc import Mapping
from random import Random

COUNTIES: Mapping[str, tuple[str, str]] = {
    "喀什市": ("قەشقەر", "قەشقەر شەھرى"),
    "疏附县": ("قەشقەر", "قەشقەر كونا شەھەر ناھىيىسى"),
    "疏勒县": ("قەشقەر", "قەشقەر يېڭىشەھەر ناھىيىسى"),
    "英吉沙县": ("قەشقەر", "يېڭىسار ناھىيىسى"),
    "泽普县": ("قەشقەر", "پوسكام ناھىيىسى"),
    "莎车县": ("قەشقەر", "يەكەن ناھىيىسى"),
    "叶城县": ("قەشقەر", "قاغىلىق ناھىيىسى"),
    "麦盖提县": ("قەشقەر", "مەكىت ناھىيىسى"),
    "岳普湖县": ("قەشقەر", "يوپۇرغا ناھىيىسى"),
    "伽师县": ("قەشقەر", "پەيزاۋات ناھىيىسى"),
    "巴楚县": ("قەشقەر", "مارالبېشى ناھىيىسى"),
    "塔什库尔干塔吉克自治县": ("قەشقەر", "تاشقۇرقان تاجىك ئاپتونوم ناھىيىسى"),
    "和田市": ("خوتەن", "خوتەن شەھرى"),
    "墨玉县": ("خوتەن", "قاراقاش ناھىيىسى"),
    "阿克苏市": ("ئاقسۇ", "ئاقسۇ شەھرى"),
    "库车市": ("ئاقسۇ", "كۇچار شەھرى"),
    "图木舒克市": ("", "تۇمشۇق شەھىرى"),
}
"""By name in Chinese: prefecture (empty where there is none) and county in Uyghur, as of the demo hub's areas."""

_FIRST = (
    *("ئاق", "قارا", "قىزىل", "كۆك", "سېرىق", "يېڭى", "كونا", "چوڭ", "كىچىك", "باش", "قوش", "ئۈچ", "بەش", "ئوتتۇرا"),
    *("ئۈستۈن", "تۆۋەن", "قۇم", "تاش", "تۇز", "توپا", "ئالتۇن", "كۈمۈش", "ئانار", "ئالما", "ئۆرۈك", "جىگدە", "تېرەك"),
    *("سۆگەت", "ياڭاق", "شاپتۇل", "ئۈجمە", "گۈل", "قاغا", "بۈركۈت", "ئات", "تۆگە", "توشقان", "بۇغا", "يېشىل", "پاختا"),
)
_SECOND = (
    *("ئۆستەڭ", "بۇلاق", "كۆل", "دۆڭ", "ئېرىق", "باغ", "لەڭگەر", "توغراق", "ساي", "تام", "كۆۋرۈك", "ئاۋات", "تۇرا"),
    *(
        "قۇدۇق",
        "ئارال",
        "چىم",
        "يۇلغۇن",
        "جىلغا",
        "مەھەللە",
        "ئويمان",
        "تۈگمەن",
        "قورغان",
        "دەرۋازا",
        "يايلاق",
        "قۇلاق",
    ),
)
MORPHEMES = (_FIRST, _SECOND)
"""What Uyghur place names are made of: colour, size, plant or animal, then what the place lies at."""

PEOPLE = (
    *("ئابدۇقادىر", "مۇھەممەتنىياز", "تۇرسۇنتوختى", "ئوسمانجان", "روزىھاجى", "ئابدۇغېنى", "قۇربانباقى", "ھېكىمبەگ"),
    *("ئىمىنئاخۇن", "سادىرپالۋان", "مەخمۇتقارى", "يۈسۈپباي", "ئەمەتشاڭيو", "نىزامىدىن", "غوجابدۇللا", "ئىلىشىر"),
)
"""People that streets are named after, made up."""

_KNOWN_STREETS = ("ئازادلىق يولى", "خەلق يولى", "دوستلۇق يولى", "ئىتتىپاق يولى", "بەخت كوچىسى", "بازار كوچىسى")
_MADE_UP = 0.85  # of the addresses go below the county by names that no gazetteer has


def uyghur_address(county_name: str, rng: Random) -> str:
    """Write a Uyghur address on one line, from the region down to the door; ``county_name`` is one of `COUNTIES`."""
    prefecture, county = COUNTIES[county_name]
    region = "شىنجاڭ ئۇيغۇر ئاپتونوم رايونى" if rng.random() < 0.25 else "شىنجاڭ"
    head = f"{region} {prefecture} ۋىلايىتى" if prefecture else region
    below = _below(rng) if rng.random() < _MADE_UP else rng.choice(_KNOWN_STREETS)
    return f"{head} {county} {below} {_door(rng)}"


def uyghur_second_line(county_name: str, rng: Random) -> str:
    """Write the short Uyghur line of a bilingual label: county, and a village or street."""
    return f"{COUNTIES[county_name][1]} {_village(rng) if rng.random() < _MADE_UP else rng.choice(_KNOWN_STREETS)}"


def _below(rng: Random) -> str:
    """Name what lies below the county: township and village, or a street."""
    if rng.random() < 0.6:
        return f"{_name(rng)} {rng.choice(('يېزىسى', 'بازىرى'))} {_village(rng)}"
    return f"{rng.choice(PEOPLE) if rng.random() < 0.5 else _name(rng)} {rng.choice(('كوچىسى', 'يولى'))}"


def _village(rng: Random) -> str:
    return f"{_name(rng)} {rng.choice(('كەنتى', 'مەھەللىسى'))}"


def _name(rng: Random) -> str:
    """Join two morphemes into a name that could be one."""
    return rng.choice(_FIRST) + rng.choice(_SECOND)


def _door(rng: Random) -> str:
    number = rng.randint(1, 290)
    forms = (
        f"{number}-نومۇر",
        f"{rng.randint(1, 9)}-گۇرۇپپا {number}-نومۇر",
        f"{number}-قورۇ",
        f"{number}-نومۇرلۇق ئۆي",
    )
    return rng.choice(forms)
