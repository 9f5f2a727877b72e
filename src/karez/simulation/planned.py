"""The truth of one parcel, as the simulation planned it: known to label, camera and judge, never to the hub."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlannedParcel:
    """One parcel of a simulated day.

    Attributes
    ----------
    index
        Its place in the day, from 0, in order of arrival.
    waybill, company, service
        Number, short name of the courier company (``"zto"``), and ``"standard"`` or ``"express"``.
    area
        The delivery area it truly belongs to, by the id in the areas file.
    county_name, township_name, province_name, prefecture_name
        Its place, in Chinese; ``None`` where the address names no such level.
    address
        The recipient's address as printed; lines of a bilingual label are separated by a line feed.
    script
        ``"zh"``, ``"ug"``, ``"zh+ug"`` or ``"en"``.
    advised
        Whether the courier company told the hub about it beforehand.
    sort_code
        As printed; ``None`` where the label has none.
    picture
        ``"typical"``, ``"hard"`` or ``"unreadable"``: what the camera will make of it.
    arrives_ms
        Hall time at which it wants to be inducted.
    induction
        Where: ``"I1"``, ``"I2"``, …
    order_address
        The address in the courier company's order data: Chinese and in full, whatever the label says.
    intercept, returned
        Whether it stands on the intercept (拦截) or return (退件) list.
    """

    index: int
    waybill: str
    company: str
    service: str
    area: str
    county_name: str
    township_name: str | None
    province_name: str
    prefecture_name: str | None
    address: str
    script: str
    advised: bool
    sort_code: str | None
    mass_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    picture: str
    arrives_ms: int
    induction: str
    order_address: str = ""
    intercept: bool = False
    returned: bool = False
