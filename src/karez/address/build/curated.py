"""Facts that no package holds in usable form, each with where it is from; few, and read by people."""

REGIMENTS: dict[str, tuple[str, ...]] = {
    # Towns that the Corps' regiments of the 3rd Division became: notices of the Xinjiang government, 2012-2026.
    "图木舒克市/永安镇": ("四十四团",),
    "图木舒克市/前海镇": ("四十五团",),
    "图木舒克市/永兴镇": ("四十六团",),
    "图木舒克市/河东镇": ("四十八团",),
    "图木舒克市/海安镇": ("四十九团",),
    "图木舒克市/夏河镇": ("五十团",),
    "图木舒克市/唐驿镇": ("五十一团",),
    "图木舒克市/金胡杨镇": ("五十三团",),
    "图木舒克市/兴安镇": ("五十四团",),
    "草湖市/四十一团草湖镇": ("四十一团",),
    "草湖市/四十二团龙口镇": ("四十二团",),
    "草湖市/伽师总场嘉和镇": ("伽师总场",),
    "草湖市/东风农场东风镇": ("东风农场",),
    "草湖市/托云牧场兴边镇": ("托云牧场",),
    "草湖市/红旗农场红石榴镇": ("红旗农场",),
}

REGIMENTS_OF_OLD: tuple[tuple[str, str, str], ...] = (
    # (county, as people write it, township of today) beside those that JioNLP's dictionary lists by county.
    ("疏勒县", "草湖镇", "四十一团"),
    ("疏勒县", "四十一团", "四十一团"),
)

ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    # As people of the region write them.
    "图木舒克市": ("图市",),
    "塔什库尔干塔吉克自治县": ("塔县",),
    "巴音郭楞蒙古自治州": ("巴州",),
    "克孜勒苏柯尔克孜自治州": ("克州",),
    "博尔塔拉蒙古自治州": ("博州",),
    "察布查尔锡伯自治县": ("察县",),
    "乌鲁木齐市": ("乌市",),
    "内蒙古自治区": ("内蒙",),
}

UYGHUR: dict[str, tuple[str, str]] = {
    # (Uyghur, Latin): counties of Kashi from a CC0 list derived from Wikidata; others as GeoNames writes them.
    "新疆维吾尔自治区": ("شىنجاڭ", "Xinjiang"),
    "喀什地区": ("قەشقەر ۋىلايىتى", "Kashgar Prefecture"),
    "喀什市": ("قەشقەر شەھرى", "Kashgar"),
    "疏附县": ("قەشقەر كونا شەھەر ناھىيىسى", "Konasheher"),
    "疏勒县": ("قەشقەر يېڭىشەھەر ناھىيىسى", "Yengisheher"),
    "英吉沙县": ("يېڭىسار ناھىيىسى", "Yengisar"),
    "泽普县": ("پوسكام ناھىيىسى", "Poskam"),
    "莎车县": ("يەكەن ناھىيىسى", "Yarkant"),
    "叶城县": ("قاغىلىق ناھىيىسى", "Kargilik"),
    "麦盖提县": ("مەكىت ناھىيىسى", "Mekit"),
    "岳普湖县": ("يوپۇرغا ناھىيىسى", "Yopurga"),
    "伽师县": ("پەيزاۋات ناھىيىسى", "Payzawat"),
    "巴楚县": ("مارالبېشى ناھىيىسى", "Maralbeshi"),
    "塔什库尔干塔吉克自治县": ("تاشقۇرقان تاجىك ئاپتونوم ناھىيىسى", "Taxkorgan"),
    "图木舒克市": ("تۇمشۇق شەھىرى", "Tumxuk"),
    "和田地区": ("خوتەن ۋىلايىتى", "Hotan Prefecture"),
    "和田市": ("خوتەن شەھىرى", "Hotan"),
    "阿图什市": ("ئاتۇش شەھىرى", "Artux"),
    "阿克陶县": ("ئاقتو ناھىيىسى", "Akto"),
    "乌恰县": ("ئۇلۇغچات ناھىيىسى", "Ulugqat"),
    "乌鲁木齐市": ("ئۈرۈمچى شەھىرى", "Urumqi"),
    "阿克苏地区": ("ئاقسۇ ۋىلايىتى", "Aksu Prefecture"),
    "阿克苏市": ("ئاقسۇ شەھىرى", "Aksu"),
}

FOREIGN_SPELLINGS: dict[str, tuple[str, ...]] = {
    # Further Latin spellings met on labels: Uyghur Latin (ULY), older English, pinyin.
    "喀什地区": ("Kashgar", "Qeshqer", "Qeshqer Wilayiti", "Kashi Prefecture", "Kashi Diqu"),
    "喀什市": ("Qeshqer", "Kashi", "Kaxgar", "Kashgar City", "Kashi City", "Kashi Shi"),
    "疏附县": ("كوناشەھەر ناھىيىسى", "Qeshqer Konasheher", "Kona Sheher", "Shufu"),
    "疏勒县": ("يېڭىشەھەر ناھىيىسى", "Qeshqer Yengisheher", "Yengi Sheher", "Shule"),
    "英吉沙县": ("Yengisar", "Yengi Hissar", "Yangi Hissar", "Yingjisha"),
    "泽普县": ("Posgam", "Zepu"),
    "莎车县": ("Yeken", "Yarkand", "Yarkent", "Shache"),
    "叶城县": ("Qaghiliq", "Karghalik", "Yecheng"),
    "岑岭县": ("Cenling",),
    "麦盖提县": ("Mekit", "Makit", "Merket", "Maigaiti"),
    "岳普湖县": ("Yopurgha", "Yuepuhu"),
    "伽师县": ("Peyziwat", "Peyzawat", "Jiashi"),
    "巴楚县": ("Maralbexi", "Maralbishi", "Bachu"),
    "塔什库尔干塔吉克自治县": (
        "تاشقۇرقان ناھىيىسى",
        "تاشقۇرغان ناھىيىسى",
        "Tashqurqan",
        "Tashkurgan",
        "Taxkorghan",
        "Tashkorgan",
        "Tashikuergan",
    ),
    "图木舒克市": ("Tumshuq", "Tumushuke", "Tumxuq"),
    "草湖市": ("Caohu",),
    "和田市": ("Khotan", "Xoten", "Hetian"),
    "阿图什市": ("Atush", "Artush", "Atushi"),
    "乌鲁木齐市": ("Urumchi", "Wulumuqi"),
    "新疆维吾尔自治区": ("Sinkiang", "Xinjiang Uygur", "Shinjang"),
}

PINYIN: dict[str, str] = {
    # Names that a character-wise conversion gets wrong.
    "喀什": "kashi",
    "重庆": "chongqing",
    "长沙": "changsha",
    "长春": "changchun",
    "长治": "changzhi",
    "厦门": "xiamen",
    "六安": "luan",
    "丽水": "lishui",
    "乐山": "leshan",
    "亳州": "bozhou",
    "蚌埠": "bengbu",
    "台州": "taizhou",
    "莎车": "shache",
    "若羌": "ruoqiang",
    "尉犁": "yuli",
    "且末": "qiemo",
    "焉耆": "yanqi",
    "朝阳": "chaoyang",
    "西藏": "xizang",
    "陕西": "shaanxi",
    "内蒙古": "neimenggu",
    "哈密": "hami",
    "吐鲁番": "tulufan",
    "柯坪": "keping",
    "阿勒泰": "aletai",
    "大同": "datong",
}

FORMER_WITHOUT_EVENT: dict[str, tuple[tuple[str, int], ...]] = {
    # "now" → (then, last year): successions that the change events leave open; State Council notices of those years.
    "上海市/浦东新区": (("南汇区", 2009), ("川沙县", 1992)),
    "天津市/滨海新区": (("塘沽区", 2009), ("汉沽区", 2009), ("大港区", 2009)),
}
