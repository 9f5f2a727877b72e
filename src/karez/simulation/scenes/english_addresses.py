"""English addresses of the bench: real counties of the prefecture, streets and villages made up."""

from random import Random

from karez.simulation.places import Place

_STREETS = (
    *("Bazaar Road", "Renmin East Road", "Jiefang North Road", "Tuanjie Road", "Xinhua Street", "Seman Road"),
    *("Wenhua Road", "Orchard Lane", "Binhe West Road", "Airport Road", "Old Town Street", "Yingbin Avenue"),
)
_FIRST = ("Aq", "Qara", "Qizil", "Kok", "Yengi", "Kona", "Tash", "Qum", "Alma", "Terek", "Gul", "Ulugh")
_SECOND = ("bulaq", "ostang", "tagh", "bagh", "kol", "erik", "lenger", "toghraq", "say", "dong", "tam", "awat")
_ESTATES = ("Pamir Garden", "Kunlun Court", "Silk Road Plaza", "Sunshine Community", "Tianxiang Residence")
_POSTAL_CODES = ("844000", "844100", "844200", "844500", "844600", "844700", "844900")


def english_address(place: Place, rng: Random) -> str:
    """Write an address from the door up to the country."""
    prefecture = ", Kashgar Prefecture" if place.prefecture == "喀什地区" else ""
    postal_code = f" {rng.choice(_POSTAL_CODES)}" if rng.random() < 0.5 else ""
    country = rng.choice(("China", "P.R. China", "CHINA"))
    return f"{_door(rng)}, {place.latin}{prefecture}, Xinjiang{postal_code}, {country}"


def _door(rng: Random) -> str:
    if rng.random() < 0.35:
        return f"Group {rng.randint(1, 9)}, {rng.choice(_FIRST)}{rng.choice(_SECOND)} Village"
    street = f"No. {rng.randint(1, 290)} {rng.choice(_STREETS)}"
    if rng.random() < 0.5:
        return street
    flat = f"Room {rng.randint(1, 18)}0{rng.randint(1, 4)}, Building {rng.randint(1, 28)}"
    return f"{flat}, {rng.choice(_ESTATES)}, {street}"
