"""Addresses as people and shops write them: Chinese in full or short, Uyghur, English; streets are made up."""

from dataclasses import replace
from random import Random

from karez.simulation.places import Place

_BY_FORMER_NAME = 0.4
_KASHI_STREETS = (
    *("人民东路", "人民西路", "解放北路", "解放南路", "色满路", "克孜都维路", "天南路", "建设路", "文化路", "世纪大道"),
    *("慕士塔格路", "帕米尔路", "滨河路", "健康路", "吐曼路", "诺尔贝希路", "欧尔达希克路", "迎宾大道", "深喀大道"),
)
_STREETS = (
    *("团结路", "文化路", "人民路", "胜利路", "建设路", "友谊路", "幸福路"),
    *("光明路", "新华路", "环城路", "友好路", "平安路", "和谐路"),
)
_ESTATES = (
    *("幸福花园", "天香苑", "阳光小区", "金色家园", "丝路华庭", "昆仑佳苑", "石榴园小区"),
    *("胡杨丽景", "安居小区", "帕米尔花园", "雅居小区", "锦绣苑", "祥和小区", "康乐家园"),
)
_VILLAGES = ("阿亚格村", "巴什村", "墩买里村", "巴扎村", "喀拉村", "尤喀克村", "托万村", "英买里村")
_UYGHUR_STREETS = ("بازار كوچىسى", "ئازادلىق يولى", "خەلق يولى", "دوستلۇق يولى", "ئىتتىپاق يولى", "بەخت كوچىسى")
_LATIN_STREETS = ("Bazaar Road", "Renmin East Road", "Jiefang North Road", "Tuanjie Road", "Xinhua Street")


def street_and_door(place: Place, rng: Random) -> str:
    """Make up what follows the town: village, group and number, or street, estate and flat."""
    rural = (
        place.town is not None and place.town.endswith(("乡", "镇")) and not place.town.startswith(place.county[:-1])
    )
    return _rural(rng) if rural else _urban(place, rng)


def chinese(place: Place, door: str, rng: Random) -> str:
    """Write a Chinese address; province and prefecture stand in full, short, apart, or the province not at all.

    Where the map has changed, some write what the place was called before.
    """
    if place.former_county and rng.random() < _BY_FORMER_NAME:
        place = replace(place, county=place.former_county, prefecture=place.former_prefecture)
    prefecture, inside = place.prefecture or "", f"{place.county}{place.town or ''}{door}"
    if not place.province.startswith("新疆"):
        return chinese_in_full(place, door)
    forms = [f"{place.province}{prefecture}{inside}", f"新疆{prefecture}{inside}", f"新疆 {prefecture} {inside}"]
    if prefecture:
        forms.append(f"{prefecture}{inside}")
    form = rng.choices(forms, (50, 25, 12, 13)[: len(forms)])[0]
    return " ".join(form.split())


def chinese_in_full(place: Place, door: str) -> str:
    """Write a Chinese address with every level, as order data hold it."""
    return f"{place.province}{place.prefecture or ''}{place.county}{place.town or ''}{door}"


def uyghur(place: Place, rng: Random) -> str:
    """Write a Uyghur address down to the county, whose name is the last that a gazetteer can know."""
    head = "شىنجاڭ ئۇيغۇر ئاپتونوم رايونى" if rng.random() < 0.4 else "شىنجاڭ"
    return f"{head} {uyghur_short(place)} {rng.choice(_UYGHUR_STREETS)} {rng.randint(1, 190)}-نومۇر"


def uyghur_short(place: Place) -> str:
    """Write the second line of a bilingual address: prefecture and county."""
    prefecture = "قەشقەر ۋىلايىتى " if place.prefecture == "喀什地区" else ""
    return f"{prefecture}{place.uyghur}"


def english(place: Place, rng: Random) -> str:
    """Write an address from abroad, down to the county."""
    prefecture = ", Kashgar Prefecture" if place.prefecture == "喀什地区" else ""
    return f"No. {rng.randint(1, 190)} {rng.choice(_LATIN_STREETS)}, {place.latin}{prefecture}, Xinjiang, China"


def _rural(rng: Random) -> str:
    village = rng.choice(_VILLAGES) if rng.random() < 0.4 else f"{rng.randint(1, 18)}村"
    return f"{village}{rng.randint(1, 6)}组{rng.randint(1, 190)}号"


def _urban(place: Place, rng: Random) -> str:
    street = rng.choice(_KASHI_STREETS if place.county == "喀什市" else _STREETS)
    number = f"{street}{rng.randint(1, 380)}号"
    if rng.random() < 0.3:
        return number
    flat = f"{rng.randint(1, 28)}号楼{rng.randint(1, 5)}单元{rng.randint(1, 11)}0{rng.randint(1, 4)}室"
    return number + rng.choice(_ESTATES) + flat
