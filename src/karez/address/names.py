"""Short forms of Chinese place names: the generic ending and the nationality taken off, as people write them."""

import re

_NATIONALITIES = (
    "维吾尔|哈萨克族|哈萨克|柯尔克孜族|柯尔克孜|塔吉克族|塔吉克|蒙古族|蒙古|回族|回|满族|藏族|壮族|苗族|彝族|土家族|侗族|瑶族|白族|傣族|哈尼族|黎族|傈僳族|"
    "佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|"
    "阿昌族|普米族|朝鲜族|怒族|鄂温克族|保安族|裕固族|京族|独龙族|鄂伦春|布依族|各族|塔塔尔|俄罗斯"
)
_AUTONOMOUS = re.compile(rf"^(.{{2,}}?)(?:{_NATIONALITIES})*(?:自治)(区|州|县|旗)$")
_ENDINGS = {
    1: ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "特别行政区", "省", "市"),
    2: ("地区", "市", "盟", "州"),
    3: ("林区", "市", "县", "区", "旗"),
    4: ("街道办事处", "街道", "民族乡", "镇", "乡", "苏木"),
    5: ("村民委员会", "居民委员会", "村委会", "居委会", "社区", "村"),
}
_MINORITY_TOWNSHIP = re.compile(rf"^(.{{2,}}?)(?:{_NATIONALITIES})+(?:民族)?乡$")
_REGIMENT_TOWNSHIP = re.compile(
    r"^(?:兵团)?(?:[一二三四五六七八九十百]+团|.{2,3}总场|.{2,3}农场|.{2,3}牧场)(.{2,}[镇乡])$"
)


_COMMITTEES = (("社区居民委员会", "社区"), ("社区居委会", "社区"), ("村民委员会", "村"), ("村委会", "村"))


def village_forms(name: str) -> tuple[str, ...]:
    """Return the other ways a village is written: without its committee, a company without its living quarters.

    Examples
    --------
    >>> village_forms("五连生活区"), village_forms("团结村村民委员会"), village_forms("团结村")
    (('五连',), ('团结村',), ())
    """
    if name.endswith("连生活区"):
        return (name.removesuffix("生活区"),)
    for committee, ending in _COMMITTEES:
        if name.endswith(committee):
            stem = name.removesuffix(committee)
            return (stem if stem.endswith(ending) else stem + ending,)
    return ()


def short_forms(name: str, level: int) -> tuple[str, ...]:
    """Return the ways ``name`` is shortened, longest first; none shorter than two characters.

    Examples
    --------
    >>> short_forms("塔什库尔干塔吉克自治县", 3)
    ('塔什库尔干县', '塔什库尔干')
    >>> short_forms("赵县", 3)
    ()
    """
    found: list[str] = []
    autonomous = _AUTONOMOUS.match(name)
    if autonomous and level <= 3:
        stem, ending = autonomous.groups()
        found += [] if ending == "区" else [stem + ending]
        found.append(stem)
    elif level == 4 and (minority := _MINORITY_TOWNSHIP.match(name)):
        found += [minority[1] + "乡", minority[1]]
    else:
        for ending in _ENDINGS[level]:
            if name.endswith(ending):
                found.append(name[: -len(ending)])
                break
    if level == 4 and (regiment := _REGIMENT_TOWNSHIP.match(name)):
        found += [regiment[1], regiment[1][:-1]]
    return tuple(dict.fromkeys(short for short in found if len(short) >= 2))
