"""The shape of a sort plan's file: which tables and fields there are, and what may stand in them."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

ChuteName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,15}$")]
Text = Annotated[str, Field(min_length=1, max_length=120)]


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[Text, ...], BeforeValidator(_one_or_many), Field(min_length=1)]
Whole = Annotated[int, Field(ge=0, strict=True)]
Range = Annotated[tuple[Whole, Whole], Field(description="From and up to, both included.")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Outlet(_Table):
    """Where something goes: a chute, and others that may stand in for it."""

    chute: ChuteName
    alternatives: tuple[ChuteName, ...] = ()

    @property
    def all_chutes(self) -> tuple[str, ...]:
        """First chute and alternatives, best first."""
        return (self.chute, *self.alternatives)


class ListTable(Outlet):
    """Intercept or return list: waybill numbers here, in a side file, or both."""

    waybills: tuple[Text, ...] = ()
    file: Text | None = None


class OversizeTable(Outlet):
    """What is too long, or too long and thick, for the ordinary chutes."""

    longest_mm: Annotated[int, Field(gt=0, strict=True)] | None = None
    sides_sum_mm: Annotated[int, Field(gt=0, strict=True)] | None = None

    @model_validator(mode="after")
    def _some_limit(self) -> Self:
        if self.longest_mm is None and self.sides_sum_mm is None:
            raise ValueError("needs longest_mm or sides_sum_mm")
        return self


class OverweightTable(Outlet):
    """What is too heavy for the ordinary chutes."""

    mass_g: Annotated[int, Field(gt=0, strict=True)]


class RuleTable(Outlet):
    """One row: which destinations (and companies, services, masses, sizes) leave by which chutes."""

    name: Text | None = None
    area: Texts | None = None
    county: Texts | None = None
    prefecture: Texts | None = None
    province: Texts | None = None
    rest: Literal[True] | None = None
    company: Texts | None = None
    service: Texts | None = None
    mass_g: Range | None = None
    longest_mm: Range | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        named = [key for key in PLACES if getattr(self, key) is not None]
        if len(named) != 1:
            what = f"has {' and '.join(named)}" if named else "names no place"
            raise ValueError(f"{what}: a rule needs exactly one of {', '.join(PLACES)}")
        return self

    @model_validator(mode="after")
    def _ranges(self) -> Self:
        for key in ("mass_g", "longest_mm"):
            bounds: Any = getattr(self, key)
            if bounds is not None and bounds[0] > bounds[1]:
                raise ValueError(f"{key}: {bounds[0]} is more than {bounds[1]}")
        return self


PLACES = ("area", "county", "prefecture", "province", "rest")
"""Ways to name a place, from the most to the least specific."""

OTHERS = ("company", "service", "mass_g", "longest_mm")
"""What a rule can ask beside the place; all of it must fit."""


class PlanTables(_Table):
    """The whole file."""

    name: Text
    chutes: Annotated[tuple[ChuteName, ...], Field(min_length=1)]
    exception: ChuteName
    intercept: ListTable | None = None
    return_list: Annotated[ListTable | None, Field(alias="return")] = None
    oversize: OversizeTable | None = None
    overweight: OverweightTable | None = None
    rule: tuple[RuleTable, ...] = ()
