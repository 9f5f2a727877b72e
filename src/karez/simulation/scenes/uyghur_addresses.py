"""Uyghur addresses of the bench: real counties; below them mostly places made up of real morphemes, in no gazetteer."""

from random import Random

_COUNTIES = (
    ("قەشقەر", "قەشقەر شەھرى"),
    ("قەشقەر", "قەشقەر كونا شەھەر ناھىيىسى"),
    ("قەشقەر", "قەشقەر يېڭىشەھەر ناھىيىسى"),
    ("قەشقەر", "يېڭىسار ناھىيىسى"),
    ("قەشقەر", "پوسكام ناھىيىسى"),
    ("قەشقەر", "يەكەن ناھىيىسى"),
    ("قەشقەر", "قاغىلىق ناھىيىسى"),
    ("قەشقەر", "مەكىت ناھىيىسى"),
    ("قەشقەر", "يوپۇرغا ناھىيىسى"),
    ("قەشقەر", "پەيزاۋات ناھىيىسى"),
    ("قەشقەر", "مارالبېشى ناھىيىسى"),
    ("قەشقەر", "تاشقۇرقان تاجىك ئاپتونوم ناھىيىسى"),
    ("خوتەن", "خوتەن شەھرى"),
    ("خوتەن", "قاراقاش ناھىيىسى"),
    ("ئاقسۇ", "ئاقسۇ شەھرى"),
    ("ئاقسۇ", "كۇچار شەھرى"),
    ("", "تۇمشۇق شەھىرى"),
)
"""Prefecture and county."""

# Morphemes that Uyghur place names are made of: colour, size, place or plant, then what the place lies at.
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
_PEOPLE = (
    *("ئابدۇقادىر", "مۇھەممەتنىياز", "تۇرسۇنتوختى", "ئوسمانجان", "روزىھاجى", "ئابدۇغېنى", "قۇربانباقى", "ھېكىمبەگ"),
    *("ئىمىنئاخۇن", "سادىرپالۋان", "مەخمۇتقارى", "يۈسۈپباي", "ئەمەتشاڭيو", "نىزامىدىن", "غوجابدۇللا", "ئىلىشىر"),
)
_KNOWN_STREETS = ("ئازادلىق يولى", "خەلق يولى", "دوستلۇق يولى", "ئىتتىپاق يولى", "بەخت كوچىسى", "بازار كوچىسى")
_MADE_UP = 0.75  # of the addresses go below the county by names that no gazetteer has


def uyghur_address(rng: Random) -> str:
    """Write a Uyghur address on one line, from the region down to the door."""
    prefecture, county = rng.choice(_COUNTIES)
    region = "شىنجاڭ ئۇيغۇر ئاپتونوم رايونى" if rng.random() < 0.25 else "شىنجاڭ"
    head = f"{region} {prefecture} ۋىلايىتى" if prefecture else region
    below = _below(rng) if rng.random() < _MADE_UP else rng.choice(_KNOWN_STREETS)
    return f"{head} {county} {below} {_door(rng)}"


def uyghur_second_line(rng: Random) -> str:
    """Write the short Uyghur line of a bilingual label: county, and a village or street."""
    return f"{rng.choice(_COUNTIES)[1]} {_village(rng) if rng.random() < _MADE_UP else rng.choice(_KNOWN_STREETS)}"


def _below(rng: Random) -> str:
    """Name what lies below the county: township and village, or a street."""
    if rng.random() < 0.6:
        return f"{_name(rng)} {rng.choice(('يېزىسى', 'بازىرى'))} {_village(rng)}"
    return f"{rng.choice(_PEOPLE) if rng.random() < 0.5 else _name(rng)} {rng.choice(('كوچىسى', 'يولى'))}"


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
