"""What stands on a label beside the parcel's own data: masked names, sender, goods, relay number, codes' contents."""

from dataclasses import dataclass

import numpy as np

from karez.simulation.planned import PlannedParcel

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗阿艾买吐努古热依玛帕"
_UYGHUR_INITIALS = ("ئا", "مە", "گۈ", "نۇ", "رە", "با", "تۇ", "قا")
_LATIN_INITIALS = "ABDGKMNRSTY"
_SENDERS = (
    "浙江省金华市义乌市福田街道物流园区6号楼",
    "广东省广州市白云区石井街道电商产业园B栋",
    "江苏省苏州市常熟市莫城街道服装城东区",
    "福建省泉州市晋江市陈埭镇鞋都大道88号",
    "山东省临沂市兰山区义堂镇顺和仓储3号库",
    "陕西省西安市未央区草滩街道云仓12号",
    "四川省成都市新都区斑竹园街道仓配中心",
    "河北省保定市高碑店市白沟镇箱包城5区",
)
_GOODS = ("服装", "鞋靴", "日用品", "干果", "图书", "手机配件", "化妆品", "玩具", "农资", "茶叶", "床上用品")
_SHOPS = ("优选百货店", "家纺旗舰店", "数码专营店", "户外运动馆", "童装工厂店", "零食铺子")
_HOSTS = ("express.example", "scan.example", "m.kuaidi.example")


@dataclass(frozen=True, slots=True)
class LabelWords:
    """Texts of one label; names and phones are masked as on privacy labels.

    Attributes
    ----------
    qr_payload
        What the QR code holds: the bare number, an address with the number in it, or delimited fields.
    """

    recipient: str
    recipient_phone: str
    relay: str
    sender: str
    sender_phone: str
    sender_address: str
    goods: str
    order_number: str
    shop: str
    printed_at: str
    bagging: str
    qr_payload: str


def write_words(parcel: PlannedParcel, rng: np.random.Generator) -> LabelWords:
    """Make up the texts of a parcel's label; the same generator state gives the same texts."""
    tail = _digits(rng, 4)
    return LabelWords(
        recipient=_masked_name(parcel.script, rng),
        recipient_phone="1******" + tail,
        relay=f"18{_digits(rng, 5)}xxxx-{_digits(rng, 4)}",
        sender=_pick(_SURNAMES, rng) + "**",
        sender_phone="1******" + _digits(rng, 4),
        sender_address=_pick(_SENDERS, rng),
        goods=_pick(_GOODS, rng),
        order_number=_digits(rng, 16),
        shop=_pick(_SHOPS, rng),
        printed_at=_moment(rng),
        bagging=(parcel.prefecture_name or parcel.province_name).removesuffix("地区").removesuffix("市"),
        qr_payload=_qr_payload(parcel, rng),
    )


def _masked_name(script: str, rng: np.random.Generator) -> str:
    if script == "ug":
        return _pick(_UYGHUR_INITIALS, rng) + "***"
    if script == "en":
        return _pick(_LATIN_INITIALS, rng) + "****"
    return _pick(_SURNAMES, rng) + "**"


def _qr_payload(parcel: PlannedParcel, rng: np.random.Generator) -> str:
    """Give the forms seen on labels: number alone, web address, delimited fields, SF's list of keys."""
    if parcel.company == "sf":
        return f"MMM={{'k1':'{(parcel.sort_code or '905').split()[0]}','k4':'T4','k5':'{parcel.waybill}'}}"
    forms = (
        parcel.waybill,
        f"https://{_pick(_HOSTS, rng)}/q?no={parcel.waybill}",
        f"{parcel.waybill}|{parcel.sort_code or ''}|1/1",
    )
    return forms[int(rng.choice(3, p=(0.5, 0.25, 0.25)))]


def _pick(choices: str | tuple[str, ...], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]


def _moment(rng: np.random.Generator) -> str:
    """Give a print time in the week before the simulated day, which has no date of its own."""
    day, hour, minute = (int(rng.integers(low, high)) for low, high in ((3, 10), (0, 24), (0, 60)))
    return f"2026-11-{day:02d} {hour:02d}:{minute:02d}"


def _digits(rng: np.random.Generator, count: int) -> str:
    return "".join(str(digit) for digit in rng.integers(0, 10, count))
