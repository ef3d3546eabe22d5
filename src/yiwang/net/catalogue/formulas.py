"""Whether a place lies in the region of a body: division codes are nested by their digits."""

COUNTY, TOWN = 6, 9


def region_prefix(code: str) -> str:
    """What every code below begins with: 320500 → 3205, 320000 → 32, 320583100000 → 320583100."""
    head, town, village = code[:COUNTY], code[COUNTY:TOWN], code[TOWN:]
    if village.strip("0"):
        return code
    if town.strip("0"):
        return head + town
    while head.endswith("00"):
        head = head[:-2]
    return head


def is_in_region(place: str, region: str) -> bool:
    return bool(place and region) and place.startswith(region_prefix(region))


def regions_of(place: str) -> list[str]:
    """The codes of the bodies around a place, as bodies write them."""
    if len(place) < COUNTY:
        return []
    around = [place[:12], place[:TOWN], place[:COUNTY], f"{place[:4]}00", f"{place[:2]}0000"]
    return list(dict.fromkeys(around))
