"""Names, numbers and words of people and firms that do not exist.

Everything comes from one ``random.Random``: the same seed gives the same federation. Identity numbers have valid
check digits and real division prefixes but invented people; telephones are of the 138 0000 xxxx kind,
which no operator gives out.
"""

import datetime as dt
from dataclasses import dataclass
from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
COMPOUND = ("欧阳", "司马", "诸葛", "上官", "尉迟")
MALE = "建国志强伟军勇磊涛明超杰辉鹏飞峰浩斌波刚健旭阳晨凯俊亮林平东海宁文博毅鑫龙成云山"
FEMALE = "文娟芳丽敏静艳霞玲燕红梅英华萍琴兰慧婷雪莹佳欣怡悦琳洁倩蓉薇月秋云青惠珍淑岚"
RARE_NAMES = ("𠮷田慧子", "阿依古丽·买买提", "尼格买提·阿不都热依木", "张㐂", "迪丽努尔·艾合买提江")
BRANDS = [
    "恒达",
    "宏图",
    "联达",
    "昆益",
    "锦纺",
    "优品",
    "迅捷",
    "金鼎",
    "同泰",
    "瑞丰",
    "华盛",
    "长虹桥",
    "启明",
    "安泰",
    "东吴",
    "江海",
    "永兴",
    "德润",
    "中垚",
    "立新",
    "万嘉",
    "百川",
    "天目湖",
    "汇川",
    "新港",
    "诚益",
    "国兴",
    "三元里",
    "兴澄",
    "明志",
    "顺风楼",
    "广源",
    "博远",
    "宝利",
    "正阳",
    "富民",
    "凯旋",
    "和顺",
    "丰收",
    "利民",
    "鼎盛",
    "星河",
    "福临",
    "盛泽",
    "太仓港",
    "海陵",
    "淮上",
    "云龙",
    "泰兴",
    "邗江",
]
TRADES = {
    "精密机械": ("C3482", "03", ("数控车工", "钳工", "铣工", "质检员", "装配工")),
    "电子": ("C3989", "03", ("插件工", "测试员", "设备维护工", "仓管员")),
    "纺织": ("C1711", "03", ("细纱挡车工", "织布工", "印染工", "验布工")),
    "服装": ("C1811", "03", ("缝纫工", "裁剪工", "熨烫工")),
    "化工": ("C2614", "03", ("化工操作工", "分析工", "仪表工")),
    "食品": ("C1411", "03", ("包装工", "烘焙工", "品控员")),
    "物流": ("G5431", "06", ("叉车司机", "货车司机", "分拣员", "调度员")),
    "建筑装饰": ("E5011", "05", ("木工", "瓦工", "电工", "油漆工")),
    "软件": ("I6513", "07", ("程序员", "测试工程师", "运维工程师")),
    "酒店": ("H6110", "09", ("客房服务员", "厨师", "前台")),
    "家政服务": ("O8010", "15", ("保洁员", "月嫂", "护理员")),
    "船舶重工": ("C3731", "03", ("焊工", "管道工", "起重工", "涂装工")),
    "新能源": ("C3825", "03", ("组件操作工", "电气装配工", "工艺员")),
    "商贸": ("F5211", "08", ("导购员", "收银员", "理货员")),
}
PLATFORMS = (
    ("N03", "快递员"),
    ("N04", "外卖骑手"),
    ("N02", "网约车司机"),
    ("N01", "货车司机"),
    ("N06", "家政服务员"),
    ("N09", "保安员"),
)
PREFIXES = ("1380000", "1390000", "1370000")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, kw_only=True)
class Fictional:
    """One invented person."""

    name: str
    gender: str  # "1" male, "2" female
    birth_date: dt.date
    id_number: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Firm:
    """One invented employer."""

    name: str
    short_name: str
    uscc: str
    industry: str
    section: str
    trades: tuple[str, ...]
    division: str


def resident_id(division6: str, birth: dt.date, sequence: int) -> str:
    body = f"{division6}{birth:%Y%m%d}{sequence % 1000:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def organisation_code(body8: str) -> str:
    value = sum(int(ch) * w for ch, w in zip(body8, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    rest = 11 - value % 11
    return "X" if rest == 10 else "0" if rest == 11 else str(rest)


def social_credit_code(division6: str, serial: int) -> str:
    """A valid GB 32100 code of an enterprise (91), from a serial number."""
    body8 = f"{serial % 100_000_000:08d}"
    head = f"91{division6}{body8}{organisation_code(body8)}"
    rest = 31 - sum(USCC.index(ch) * pow(3, i, 31) for i, ch in enumerate(head)) % 31
    return head + ("0" if rest == 31 else USCC[rest])


class Fiction:
    """Draws people and firms; every draw is deterministic and every identity number is new."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 -- fiction, not a secret
        self.used: set[str] = set()
        self.firms = 0
        self.phones = 99  # the first hundred belong to the personas

    def given_name(self, gender: str) -> str:
        letters = MALE if gender == "1" else FEMALE
        length = 2 if self.random.random() < 0.72 else 1
        return "".join(self.random.choice(letters) for _ in range(length))

    def name(self, gender: str) -> str:
        draw = self.random.random()
        if draw < 0.0008:
            return self.random.choice(RARE_NAMES)
        surname = self.random.choice(COMPOUND) if draw < 0.006 else self.random.choice(SURNAMES)
        return surname + self.given_name(gender)

    def phone(self) -> str:
        self.phones += 1
        prefix = PREFIXES[(self.phones // 10_000) % len(PREFIXES)]
        return f"{prefix}{self.phones % 10_000:04d}"

    def identity(self, division6: str, birth: dt.date, gender: str) -> str:
        while True:
            sequence = self.random.randrange(1, 500) * 2 + (1 if gender == "1" else 0)
            number = resident_id(division6, birth, sequence)
            if number not in self.used:
                self.used.add(number)
                return number
            birth -= dt.timedelta(days=1)

    def person(self, division6: str, *, on: dt.date, name: str = "", gender: str = "", age: int = 0) -> Fictional:
        gender = gender or ("2" if self.random.random() < 0.44 else "1")
        years = age or min(max(int(self.random.gauss(38, 10)), 18), 62)
        birth = on.replace(month=1, day=1) - dt.timedelta(days=365 * years + years // 4 - self.random.randrange(330))
        number = self.identity(division6, birth, gender)
        return Fictional(
            name=name or self.name(gender),
            gender=gender,
            birth_date=dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14])),
            id_number=number,
            phone=self.phone(),
        )

    def firm(self, division6: str, place: str, *, brand: str = "", trade: str = "") -> Firm:
        self.firms += 1
        brand = brand or self.random.choice(BRANDS)
        trade = trade or self.random.choice(list(TRADES))
        industry, section, posts = TRADES[trade]
        short = f"{brand}{trade}"
        ending = self.random.choice(("有限公司", "有限公司", "有限公司", "股份有限公司", "科技有限公司"))
        return Firm(
            name=f"{place}{short}{ending}",
            short_name=short,
            uscc=social_credit_code(division6, 20_260_000 + self.firms),
            industry=industry,
            section=section,
            trades=posts,
            division=division6,
        )
