"""Words by which a part is known: what a road, an estate, a village, a company is called, and what stands between."""

from typing import NamedTuple

from karez.address.parts.labels import Label

QUALIFIES = -4.8
"""Cost of a word that ends names, but more often stands before the last word of one: 国际, 科技, 大学."""


class Tier(NamedTuple):
    """Endings of POIs that speak for one as strongly.

    ``cost``: of a name that ends so; ``within``: share in the cost of a longer name that holds it, where the nearer it
    is to ``cost`` the less is gained by ending the name there.
    """

    cost: float
    within: float
    words: str


POI_TIERS = (
    # What nearly always is the last word: a part of it follows, or nothing.
    Tier(
        -6.0,
        -1.6,
        """
        大厦 公司 小区 花园 广场 市场 园区 工业园 新村 公寓 酒店 商贸城 医院 花苑 科技园 超市 校区 宾馆 小学 中学
        幼儿园 名苑 人家 山庄 嘉园 雅苑 仓库 宿舍 创意园 学校 组团 嘉苑 锦园 车站 饭店 公馆 商厦 佳苑 花城 商场
        专卖店 旗舰店 写字楼 综合楼 加油站 镇政府 乡政府 有限公司 责任公司 有限责任公司 股份有限公司 大队 厂房
        法院 会所 豪庭 派出所 信用社 药房 网吧 诊所 门诊部 卫生院 税务局 工业区 住宅区 工业园区 别墅 商铺 分公司
        事务所 营业厅 服务部 服务站 售楼处 管委会 委员会 经营部 批发部 电子厂 机械厂 服装厂 餐厅 便利店 巴扎
        清真寺 大巴扎 安置房 廉租房 富民安居 老城 老城区 家属院 机关 法庭 检察院 监狱 看守所 连部 团部 电站 水库
        农贸市场
        """,
    ),
    # What is the last word about as often as not: 万象新城, 新城广场.
    Tier(
        -6.0,
        -3.6,
        """
        中心 大楼 集团 家园 金城 新城 景苑 北苑 南苑 东苑 西苑 公园 百货 天地 办事处 政府 公安局 基地 水岸 半岛
        华庭 家苑 华府 支行 大学 学院
        """,
    ),
    Tier(-5.5, -2.0, "一区 二区 三区 四区 五区 六区 七区 八区 九区 十区"),
    Tier(-4.5, -2.0, "东区 西区 南区 北区 中区 步行街 商业街"),
    # What ends names too, but mostly stands before the last word: 国际商务中心, 科技园.
    Tier(
        QUALIFIES,
        -2.8,
        """
        国际 科技 实业 物流 服饰 电器 鞋业 纺织 家纺 快递 银行 机场 职业 电子 机械 五金 汽车 数码 商务 文化 时代
        世纪 建设 贸易 装饰 建材 家居 家具 食品 工贸 商贸 通讯 通信 人民 中国 农业 工商 生态 旅游
        """,
    ),
    Tier(
        -4.0,
        -0.8,
        """
        园 城 场 苑 店 厂 院 馆 站 局 庄 府 庭 邸 郡 座 所 坊 居 都 业 行 校 舍 堂 阁 轩 湾 岸 墅 塔 厦 楼 区
        """,
    ),
    Tier(-3.0, -1.0, "开发区 新区"),
    Tier(-2.8, -1.0, "街道办 村委 村委会 居委会 村民委员会 居民委员会"),
    Tier(-2.0, -0.3, "桥 家 市 门 团 会 地 山 里 库 部 社 头 房 港 天 饰 货 处 队 器 品 电 流 车 泰 寺 庙 宅 岙"),
    Tier(-1.8, -0.3, "村"),
)


_ENDINGS: tuple[tuple[Label, float, str], ...] = (
    # label; cost, below 0 where the ending speaks for the label; endings
    (Label.ROAD, -5.0, "路 大道 大街 胡同 国道 省道 公路 马路 环路 高速"),
    (Label.ROAD, -4.0, "街 巷 弄"),
    (Label.ROAD, -4.0, "组"),
    (Label.ROAD, -1.5, "道 线 环线 队"),
    (Label.ROAD, 0.5, "里 桥 堤"),
    (Label.SUBROAD, -5.0, "东段 西段 南段 北段 中段 一段 二段 三段 四段 五段 六段"),
    (Label.DISTRICT, -3.0, "区 县 市"),
    (Label.CITY, -2.5, "市"),
    (Label.TOWN, -4.5, "镇 乡"),
    (Label.TOWN, -7.5, "街道 街道办事处 街道办 苏木 农场 牧场"),
    (Label.COMMUNITY, -4.8, "村"),
    (Label.COMMUNITY, -6.5, "社区 行政村 自然村"),
    (Label.COMMUNITY, -7.5, "村委会 居委会 村委 村民委员会 居民委员会"),
    (Label.DEVZONE, -6.5, "开发区 高新区 经济区 高新园区 保税区 新区"),
    (Label.DEVZONE, -4.5, "工业区 工业园区 工业园 产业园区"),
    (
        Label.SUBPOI,
        -6.0,
        """
        一区 二区 三区 四区 五区 六区 七区 八区 九区 东区 西区 南区 北区 中区 一期 二期 三期 四期 五期
        北门 南门 东门 西门 大门 东大门 西大门 南大门 北大门 后门 住院部 门诊楼 行政楼 综合楼 办公楼 写字楼
        教学楼 裙楼 东楼 西楼 南楼 北楼 主楼 副楼 地下室 车库 底商 门卫 门卫室 架空层 校区 院区 商铺 店面
        厂房 仓库 宿舍 大厅 专柜 东一区 东二区 西一区 西二区 南一区 南二区 北一区 北二区 北三区 北四区 北五区
        """,
    ),
    (
        Label.PERSON,
        -5.0,
        """
        专柜 办公室 仓库 前台 财务部 财务室 财务科 项目部 销售部 市场部 质检部 电子商务部 外科 内科 放射科
        经理 先生 女士 小姐 丰巢 快递柜 大厅 大堂 总台 门卫 传达室 收发室 公司 部 室 柜 店 科
        """,
    ),
)

LONGEST = 7
"""Characters of the longest ending."""


def _words(text: str) -> tuple[str, ...]:
    """Return the words, longest first, as an alternation has to try them."""
    return tuple(sorted(text.split(), key=len, reverse=True))


_INSTITUTIONS = _words("""
    巴扎 大巴扎 医院 车站 派出所 法院 公安局 税务局 镇政府 乡政府 政府 老城 老城区 加油站 清真寺 连部 团部 科技园
    工业园 工业区 工业园区 市场 农贸市场 仓库 宿舍 小学 中学 幼儿园 卫生院 学校 公园 广场 机场 管委会 水库 电站
    商业街 步行街
""")
"""Endings that are names by themselves now and then."""


def _by_word() -> dict[str, tuple[tuple[Label, float], ...]]:
    found: dict[str, dict[Label, float]] = {}
    for label, cost, words in _ENDINGS:
        for word in words.split():
            options = found.setdefault(word, {})
            options[label] = min(cost, options.get(label, cost))
    for tier in POI_TIERS:
        for word in tier.words.split():
            found.setdefault(word, {})[Label.POI] = tier.cost
    return {word: tuple(options.items()) for word, options in found.items()}


ENDINGS = _by_word()
"""Ending → the labels it speaks for, with their costs."""

_NAMES_ALONE = frozenset({Label.COMMUNITY, Label.SUBPOI, Label.PERSON, Label.DEVZONE, Label.SUBROAD})
ALONE = {
    word: 2.0 if word in _INSTITUTIONS else 5.5
    for word, options in ENDINGS.items()
    if not any(label in _NAMES_ALONE for label, _ in options)
}
"""Ending → what it costs as a whole name: 小区 or 街道 is hardly one, 巴扎 may be; what is not in it costs nothing."""

WITHIN = {word: tier.within for tier in POI_TIERS for word in tier.words.split()}
"""Ending of POIs → what a longer name that holds it gains."""

ENDS_IN = frozenset(word[-1] for word in ENDINGS)


BRANCHES = _words("支行 分行 分公司 校区 学院 附属医院 总店 大队 支队")
"""Endings of names that begin with the name of what they are a branch of."""

BESIDE = _words("""
    交叉口 交汇处 交叉路口 交界处 交岔口 交口 交叉 路口 对面 正对面 斜对面 对过 旁边 附近 门口 隔壁 后面 前面
    旁 内 院内 里面 楼下 楼上 西侧 东侧 南侧 北侧 西边 东边 南边 北边 东面 西面 南面 北面 东北角 西北角 东南角
    西南角 东南侧 西南侧 东北侧 西北侧 边上 中间 村口 以东 以西 以南 以北 尽头 入口 出口 转角 拐角
    口 东 西 南 北 外 后 下 上 中
""")
"""Words that say where from a place: assist."""

JOINS = "与和跟"
"""Between two roads at a crossing."""

TO_THE_COURIER = _words("""
    电联 自取 同意自取 提前致电 原单号 请电话联系 到付 不收到付 放门卫 放前台 收件 收方地址 邮寄地址
    收货地址 地址 其它区 其他地区 市辖区 null 店面 商铺
""")
"""What an address does not need."""

REMARKS = _words("""
    请 勿 务必 麻烦 可以 节假日 工作日 周末 易碎 如有 如果 有疑问 联系电话 手机号 提前 送货 派送 签收 谢谢 不要 不在
    不收 送到 放在 到了打
""")
"""Words with which a remark to the courier begins."""
