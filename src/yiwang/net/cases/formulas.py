"""Pure sums of the case line: numbers, the first route, the longest extension."""

import re
import unicodedata
from dataclasses import dataclass

# Levels of the tree (handbook GT 0.3). Levels 7–9 together are "L1" of the rights handbook.
COUNTY = 4
VILLAGE = 6
UNIT = 7
GROUP = 9

PLACE_ENDINGS = re.compile(r"(总工会|工会|联合会|省|市|区|县|镇|乡|街道)+$")


def case_number(kind: str, year: int, place: str, serial: int) -> str:
    """帮扶2026-昆-00417: what it is, the year, the county, the serial within the three."""
    return f"{kind}{year}-{place}-{serial:05d}"


def number_key(text: str) -> str:
    """A case number as people type it: full-width, dashes of any kind and spaces make no difference."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(ch for ch in plain if ch.isalnum())


def place_sign(name: str) -> str:
    """The one character that stands for a county in a number: 昆山市总工会 gives 昆."""
    bare = PLACE_ENDINGS.sub("", name.strip())
    sign = (bare or name.strip() or "总")[0]
    return sign if "\u4e00" <= sign <= "\u9fa5" else "总"


def letter_prefix(name: str, level: int) -> str:
    """The body in a document number: 昆工 for a county, 玉山工 below it. At most eight characters, all 汉字."""
    if level <= COUNTY:
        return f"{place_sign(name)}工"
    bare = PLACE_ENDINGS.sub("", name.strip())
    han = "".join(ch for ch in bare if "\u4e00" <= ch <= "\u9fa5")
    return f"{han[:7] or '基层'}工"


@dataclass(frozen=True, kw_only=True)
class RouteFacts:
    """What decides where a request goes first."""

    level: int  # the level that the first step of the service asks for; 0 when it names none
    target: str = ""  # "employer" or "union": whom the request complains of
    anonymous: bool = False  # toward the employer
    has_workplace: bool = False  # the union of the workplace is known
    has_industry: bool = False  # new-form employment, and a federation of the trade exists here


@dataclass(frozen=True, kw_only=True)
class FirstRoute:
    """Where to begin, the deepest level that may hold the case, and why."""

    start: str  # "workplace" | "industry" | "region"
    deepest: int
    reasons: tuple[str, ...]


def first_route(facts: RouteFacts) -> FirstRoute:
    """Handbook RI 4.4 and GT 0.3: workplace, else trade, else region; a complaint never lands where it points."""
    deepest = facts.level or GROUP
    reasons = []

    if facts.target == "union":
        deepest = min(deepest, COUNTY)
        reasons.append("about_union")
    elif facts.target == "employer" or facts.anonymous:
        deepest = min(deepest, VILLAGE)
        reasons.append("about_employer" if facts.target else "anonymous")

    start = "workplace" if facts.has_workplace else "industry" if facts.has_industry else "region"
    return FirstRoute(start=start, deepest=deepest, reasons=(start, *reasons))


def longest_extension(*, promised: int, share_percent: int) -> int:
    """One extension lengthens a promise by that share of it at most (GT 6.4); the law may allow less."""
    return promised * share_percent // 100


# The first word of a case number, by the domain of the service code.
KINDS = {
    "MB": "入会",
    "OR": "组织",
    "RT": "维权",
    "HP": "帮扶",
    "MA": "互助",
    "SK": "技能",
    "LM": "劳模",
    "CU": "文体",
    "ST": "驿站",
    "EM": "就业",
    "PS": "心理",
    "FD": "普惠",
    "SG": "建议",
}
OTHER_KIND = "办件"
RIGHTS_KIND = "维权"

# Words in the names of trade federations, by new-form category (members.codes.NewForm).
TRADE_WORDS: dict[str, tuple[str, ...]] = {
    "N01": ("货车", "货运", "物流"),
    "N02": ("网约车", "出行", "出租"),
    "N03": ("快递",),
    "N04": ("外卖", "网约配送", "即时配送", "配送"),
    "N05": ("护工", "护理"),
    "N06": ("家政", "家庭服务"),
    "N07": ("商场", "商超"),
    "N08": ("房产", "中介"),
    "N09": ("保安",),
    "N10": ("主播", "网络直播"),
    "N11": ("代驾",),
    "N12": ("即时配送", "网约配送", "跑腿"),
    "N13": ("家政", "上门服务"),
}


def left_per_head(*, incomes: list[int], medical_year: int, rent_month: int) -> int:
    """家里每人每月剩: incomes of all who live together, less medical costs and rent, per head and month, in fen."""
    left = sum(incomes) * 12 - medical_year - rent_month * 12
    return max(0, left) // (12 * max(1, len(incomes)))
