"""The 21 labels that a part of a Chinese address can have."""

from enum import StrEnum


class Label(StrEnum):
    """What a part of an address says.

    The scheme is that of "Neural Chinese Address Parsing" (Li, Lu, Xie, Li; NAACL 2019) and its annotation guideline.
    Its order from coarse to fine: prov, city, district, (devzone,) town, community, road, (subroad,) roadno,
    (subroadno,) poi, (subpoi,) houseno, cellno, floorno, roomno.

    GB/T 41832-2022, the national rules for coding delivery addresses, codes a grid cell and a height; it lists no parts
    of an address text, so there is nothing of it to map to.
    """

    COUNTRY = "country"
    PROV = "prov"  # province, autonomous region
    CITY = "city"  # prefecture, prefecture-level city, and a city directly under the state
    DISTRICT = "district"  # county, district, city of county level
    DEVZONE = "devzone"  # development zone
    TOWN = "town"  # township, town, street office, regiment
    COMMUNITY = "community"  # village, residents' committee, company of a regiment
    ROAD = "road"  # road, street; also the group of a village
    SUBROAD = "subroad"  # a second road, a lane off the road, a section of it
    ROADNO = "roadno"  # number on the road or in the village
    SUBROADNO = "subroadno"
    POI = "poi"  # estate, building, company, market, hamlet
    SUBPOI = "subpoi"  # part of a POI, or a POI in a POI
    HOUSENO = "houseno"  # building
    CELLNO = "cellno"  # staircase
    FLOORNO = "floorno"
    ROOMNO = "roomno"
    PERSON = "person"  # company, department or person inside
    ASSIST = "assist"  # opposite, beside, at the crossing
    REDUNDANT = "redundant"  # said twice, dashes, words to the courier
    OTHERINFO = "otherinfo"
