"""Pre-advice: what a courier company told the hub about a parcel before it came."""

from dataclasses import dataclass

from karez.domain.ids import AreaId


@dataclass(frozen=True, slots=True)
class PreAdvice:
    """One row of order data.

    The address text is personal data and is kept in the erasable table only; the place it resolved to when it was
    imported is kept beside it, so that a decision needs no text work.

    Attributes
    ----------
    waybill, company
        The waybill number and the courier company's short name.
    service
        For example ``"standard"``, ``"express"``; free, as the plan uses it.
    address
        Recipient's address, as delivered.
    area, county, county_name, township_name
        What the address (or the row's own area) resolved to; ``None`` where it did not.
    """

    waybill: str
    company: str | None = None
    service: str | None = None
    address: str | None = None
    area: AreaId | None = None
    county: str | None = None
    county_name: str | None = None
    township_name: str | None = None
    province_name: str | None = None
    prefecture_name: str | None = None
