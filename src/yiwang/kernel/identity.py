"""Numbers that name people and bodies: identity cards (GB 11643), credit codes (GB 32100), telephones, names.

Every refusal is a sentence that says what is wrong with the value given and what to do; ``reason`` is for machines.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yiwang.kernel.clock import today
from yiwang.kernel.errors import DomainError


class BadIdentity(DomainError):
    """A number that can't be what it claims to be. ``reason`` is stable; ``str()`` is for people."""

    code = "bad_identity"

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class IdType(StrEnum):
    RESIDENT = "1"
    HK_MACAU_PERMIT = "2"
    TAIWAN_PERMIT = "3"
    HK_MACAU_RESIDENCE = "4"
    TAIWAN_RESIDENCE = "5"
    FOREIGN_PERMANENT = "6"
    PASSPORT = "7"
    OTHER = "9"

    @property
    def label(self) -> str:
        return _(ID_TYPE_LABELS[self])


ID_TYPE_LABELS: dict[str, str] = {
    "1": gettext_noop("居民身份证"),
    "2": gettext_noop("港澳居民来往内地通行证"),
    "3": gettext_noop("台湾居民来往大陆通行证"),
    "4": gettext_noop("港澳居民居住证"),
    "5": gettext_noop("台湾居民居住证"),
    "6": gettext_noop("外国人永久居留身份证"),
    "7": gettext_noop("护照"),
    "9": gettext_noop("其他证件"),
}

MALE, FEMALE = "1", "2"  # GB/T 2261.1
PROVINCES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83]
)
RESIDENCE_TYPES = {"81": IdType.HK_MACAU_RESIDENCE, "82": IdType.HK_MACAU_RESIDENCE, "83": IdType.TAIWAN_RESIDENCE}
FLOOR = dt.date(1900, 1, 1)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
SEPARATORS = dict.fromkeys(map(ord, " \t\r\n\u00a0\u3000\u200b\u200e\u200f\u202a\u202c\ufeff'’`-‐‑–—_"))


@dataclass(frozen=True)
class Identity:
    """A number that passed: ready to be encrypted, indexed and compared."""

    id_type: IdType
    number: str
    birth_date: dt.date | None = None
    gender: str | None = None
    division: str | None = None


ResidentId = Identity


def normalise(text: str) -> str:
    """Full-width to half-width, no spaces, no dashes, letters in capitals."""
    return unicodedata.normalize("NFKC", text).translate(SEPARATORS).upper()


def check_identity(id_type: str, text: str, on: dt.date | None = None) -> Identity:
    """The number of a person under the type they say it has."""
    kind = IdType(id_type)
    if kind in (IdType.RESIDENT, IdType.HK_MACAU_RESIDENCE, IdType.TAIWAN_RESIDENCE):
        found = check_resident_id(text, on)
        if found.id_type is not kind:
            message = _("这是{actual}的号码，证件类型却选了{stated}。请改证件类型。")
            raise BadIdentity("other_type", message.format(actual=found.id_type.label, stated=kind.label))
        return found
    number = normalise(text)
    _refuse_rounded(number)
    if kind is IdType.FOREIGN_PERMANENT and re.fullmatch(r"9\d{16}[\dX]", number):
        return _check_digits(number, kind, on)
    if not re.fullmatch(ID_PATTERNS[kind], number):
        message = _("{kind}的号码不是这样写的。请对照证件，把字母和数字写全。")
        raise BadIdentity("format", message.format(kind=kind.label))
    return Identity(kind, number)


ID_PATTERNS = {
    IdType.HK_MACAU_PERMIT: r"[HM]\d{8}(\d{2})?",
    IdType.TAIWAN_PERMIT: r"\d{8}(\d{2})?",
    IdType.FOREIGN_PERMANENT: r"[A-Z]{3}\d{12}",
    IdType.PASSPORT: r"[A-Z0-9]{5,17}",
    IdType.OTHER: r"[A-Z0-9\u4e00-\u9fff()]{4,30}",
}


def check_resident_id(text: str, on: dt.date | None = None) -> Identity:
    """An 18-digit number of mainland residents, or of a residence permit for Hong Kong, Macau and Taiwan residents.

    The county may be a historic one, so only the province prefix is judged. ``on`` is the day on which a birth date
    counts as lying in the future.
    """
    number = normalise(text)
    _refuse_rounded(number)
    if re.fullmatch(r"\d{15}", number):
        raise BadIdentity("old_number", _("这是15位的旧号码。请用现在的18位身份证号。"))
    if not re.fullmatch(r"\d{17}[\dX]", number):
        message = _("身份证号是18位：17位数字，最后一位是数字或X。你填了{count}位。")
        raise BadIdentity("format", message.format(count=len(number)))
    if int(number[:2]) not in PROVINCES:
        message = _("没有以{prefix}开头的身份证号。请检查前两位。")
        raise BadIdentity("province", message.format(prefix=number[:2]))
    return _check_digits(number, RESIDENCE_TYPES.get(number[:2], IdType.RESIDENT), on)


def _check_digits(number: str, kind: IdType, on: dt.date | None) -> Identity:
    try:
        birth = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        message = _("号码第7到14位是出生日期，{digits}不是一个日子。请对照证件检查。")
        raise BadIdentity("birth_date", message.format(digits=number[6:14])) from None
    if birth < FLOOR:
        message = _("号码里的出生年份是{year}年，早于1900年。请对照证件检查。")
        raise BadIdentity("too_old", message.format(year=birth.year))
    if birth > (on or today()):
        raise BadIdentity("future", _("号码里的出生日期还没有到。请对照证件检查。"))
    if id_check_digit(number[:17]) != number[17]:
        raise BadIdentity("check_digit", _("号码里有一位写错了（校验位对不上）。请对照证件逐位检查。"))
    gender = MALE if int(number[16]) % 2 else FEMALE
    return Identity(kind, number, birth, gender, number[:6])


ROUNDED = gettext_noop(
    "这个号码被Excel改坏了：超过15位的数字，Excel会把后面几位变成0。请把这一列的格式改成“文本”，再重新填一遍号码。"
)


def _refuse_rounded(number: str) -> None:
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", number) or re.fullmatch(r"\d{15}000(\.0+)?", number):
        if re.fullmatch(r"\d{18}", number) and id_check_digit(number[:17]) == number[17]:
            return  # a real number may end in 000
        raise BadIdentity("excel_rounded", _(ROUNDED))


def id_check_digit(seventeen: str) -> str:
    return ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(seventeen, ID_WEIGHTS, strict=True)) % 11]


def from_fifteen(text: str) -> str | None:
    """The 18-digit form of an old 15-digit number, for matching only; None when it is not one."""
    number = normalise(text)
    if not re.fullmatch(r"\d{15}", number):
        return None
    longer = f"{number[:6]}19{number[6:]}"
    return longer + id_check_digit(longer)


USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
USCC_CLASSES = frozenset(
    ("11", "12", "13", "19", "21", "29", "31", "32", "33", "34", "35", "39", "41", "49", "51", "52", "53", "59")
    + ("61", "62", "69", "71", "72", "79", "81", "89", "91", "92", "93", "A1", "A9", "N1", "N2", "N3", "N9", "Y1")
)
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Uscc:
    """A unified social credit code that passed, with what is odd about it."""

    code: str
    warnings: tuple[str, ...] = ()

    @property
    def org_code(self) -> str:
        return self.code[8:17]

    @property
    def is_union(self) -> bool:
        return self.code[:2] in ("81", "89")


def check_uscc(text: str) -> Uscc:
    code = normalise(text)
    if len(code) != 18:
        message = _("统一社会信用代码是18位，你填了{count}位。")
        raise BadIdentity("format", message.format(count=len(code)))
    if strange := next((char for char in code if char not in USCC_ALPHABET), None):
        message = _("统一社会信用代码里没有“{char}”。字母 I、O、S、V、Z 不会出现，请看看是不是数字 1、0、5、2。")
        raise BadIdentity("letter", message.format(char=strange))
    if not code[2:8].isdigit():
        raise BadIdentity("division", _("统一社会信用代码第3到8位是登记地的区划码，只能是数字。"))
    if uscc_check_digit(code[:17]) != code[17]:
        raise BadIdentity("check_digit", _("统一社会信用代码里有一位写错了（校验位对不上）。请对照证照逐位检查。"))
    warnings = []
    if org_check_digit(code[8:16]) != code[16]:
        warnings.append("org_code")  # a few legacy codes fail GB 11714 and are in use
    if code[:2] not in USCC_CLASSES:
        warnings.append("class")  # the standard's list grows: village committees got 54 after it was printed
    return Uscc(code, tuple(warnings))


def uscc_check_digit(seventeen: str) -> str:
    total = sum(USCC_ALPHABET.index(char) * weight for char, weight in zip(seventeen, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def org_code(text: str) -> str:
    """An organisation code (GB 11714) in the plain nine characters, or a refusal."""
    code = normalise(text)
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        raise BadIdentity("format", _("组织机构代码是9位数字或字母。"))
    if org_check_digit(code[:8]) != code[8]:
        raise BadIdentity("check_digit", _("组织机构代码里有一位写错了（校验位对不上）。"))
    return code


def org_check_digit(eight: str) -> str:
    rest = 11 - sum(int(char, 36) * weight for char, weight in zip(eight, ORG_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def parse_phone(text: str) -> str:
    """A mainland mobile number as eleven digits, however it was typed."""
    number = re.sub(r"[().]", "", normalise(text).removesuffix(".0"))
    number = re.sub(r"^(\+?86|0086)(?=1)", "", number)
    if not re.fullmatch(r"1[3-9]\d{9}", number):
        if re.fullmatch(r"1[3-9]\d*", number):
            message = _("手机号是11位，你填了{count}位。")
            raise BadIdentity("phone_length", message.format(count=len(number)))
        raise BadIdentity("phone", _("这不是手机号。请填以1开头的11位手机号。"))
    return number


NAME_DOTS = dict.fromkeys(map(ord, "•‧∙⋅・･·᛫⸱●.．。"), "·")
NAME_LIMITS = (2, 40)


def clean_name(text: str) -> str:
    """A person's name: 2–40 characters, the dot of minority names unified, no digits; rare characters are welcome."""
    plain = "".join(unicodedata.normalize("NFKC", char) if ord(char) in FULL_WIDTH else char for char in text)
    plain = " ".join("".join(char for char in plain if unicodedata.category(char) != "Cf").split())
    if not re.search(r"[A-Za-z]", plain):
        plain = plain.replace(" ", "").translate(NAME_DOTS)
    low, high = NAME_LIMITS
    if not low <= len(plain) <= high:
        message = _("姓名要写2到40个字，你填了{count}个。")
        raise BadIdentity("name_length", message.format(count=len(plain)))
    if strange := next((char for char in plain if not _is_of_names(char)), None):
        message = _("姓名里不能有“{char}”。请按身份证上的姓名填。")
        raise BadIdentity("name_character", message.format(char=strange))
    return plain


FULL_WIDTH = range(0xFF01, 0xFF5F)


def _is_of_names(char: str) -> bool:
    return char in "· -'’.〇" or unicodedata.category(char) in ("Lo", "Lu", "Ll", "Lt", "Lm", "Mn", "Mc")


def mask_id(number: str) -> str:
    """“320***********0010”: enough to recognise one's own, not enough to copy."""
    if len(number) >= 15:
        return number[:3] + "*" * (len(number) - 7) + number[-4:]
    if len(number) >= 8:
        return number[:2] + "*" * (len(number) - 4) + number[-2:]
    return number[:1] + "*" * max(0, len(number) - 1)


def mask_phone(number: str) -> str:
    if len(number) < 11:
        return "*" * len(number)
    return f"{number[:-8]}****{number[-4:]}"


def mask_name(name: str) -> str:
    """“周**”, the surname only; one star per character up to two."""
    return name[:1] + "*" * min(2, max(0, len(name) - 1))
