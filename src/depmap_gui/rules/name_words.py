"""Words of company names that say little of who is meant: legal forms, trades, places.

English, and the Chinese that stands at the end of company names. Used by `name_matching.py`.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FORMS = _words(
    "co company coltd corp corporation inc incorporated limited llc ltd plc gmbh ag kg kgaa mbh se"
    " sa sas sarl srl spa nv bv ab oy oyj as asa aps kk kabushiki kaisha pte pty pvt private sdn"
    " bhd jsc ojsc pjsc cjsc ooo oao zao pao llp lp lllp sro doo tbk youxian gongsi gufen zrt kft"
)
"""Legal forms: left out before anything is compared."""

FILLERS = _words("the of and for de la du des der die das von und et y")
"""Small words: left out as well."""

SAME_WORD = {
    "tech": "technology",
    "techs": "technology",
    "technologies": "technology",
    "technological": "technology",
    "hitech": "hightechnology",
    "hightech": "hightechnology",
    "keji": "technology",
    "electronics": "electronic",
    "batteries": "battery",
    "materials": "material",
    "holdings": "holding",
    "industries": "industry",
    "industrial": "industry",
    "intl": "international",
    "mfg": "manufacturing",
    "manufacture": "manufacturing",
    "autos": "auto",
    "automobile": "auto",
    "automotive": "auto",
    "automobiles": "auto",
    "semiconductors": "semiconductor",
    "systems": "system",
    "services": "service",
    "solutions": "solution",
    "products": "product",
    "chemicals": "chemical",
    "metals": "metal",
    "minerals": "mineral",
    "motors": "motor",
    "communications": "communication",
    "optoelectronics": "optoelectronic",
    "networks": "network",
    "instruments": "instrument",
    "labs": "laboratory",
    "laboratories": "laboratory",
    "grp": "group",
}
"""Words that are one word in company names."""

TRADES = _words(
    "technology hightechnology high energy new power electric electrical electronic battery cell"
    " lithium material advanced group holding international global worldwide industry"
    " manufacturing auto motor vehicle mobility semiconductor system service solution product"
    " chemical metal mineral mining steel aluminum copper nickel graphite cathode anode"
    " communication optoelectronic network instrument laboratory trading trade import export"
    " commerce business investment capital development research institute science scientific"
    " engineering construction equipment machinery device component parts supply logistics"
    " storage solar wind renewable green clean environmental resource digital intelligent smart"
    " information data software computer integrated circuit chip micro microelectronic aerospace"
    " aviation marine heavy special general united national first pacific enterprise venture"
    " partner works plant factory lab center centre branch academy university project plus north"
    " south east west northern southern eastern western central photovoltaic pv ess ev"
)
"""What many companies do or call themselves: says little of which one it is."""

PLACES = _words(
    "china chinese prc usa us america american north europe european asia asian africa japan korea"
    " germany deutschland france italy spain hungary poland uk britain sweden norway finland"
    " netherlands belgium austria switzerland canada mexico brazil chile argentina australia india"
    " indonesia malaysia thailand vietnam singapore taiwan hongkong hong kong hk macau russia"
    " morocco turkey illinois michigan ohio texas tennessee kentucky georgia indiana kansas nevada"
    " carolina california arizona alabama york jersey beijing shanghai tianjin chongqing guangdong"
    " guangzhou shenzhen dongguan foshan huizhou zhuhai jiangsu nanjing suzhou wuxi changzhou"
    " zhejiang hangzhou ningbo jiaxing shandong jinan qingdao yantai fujian fuzhou xiamen ningde"
    " anhui hefei wuhu hubei wuhan hunan changsha henan zhengzhou hebei baoding shanxi shaanxi"
    " xian sichuan chengdu yibin guizhou guiyang yunnan kunming guangxi nanning liuzhou jiangxi"
    " nanchang yichun ganzhou hainan haikou liaoning dalian shenyang jilin changchun heilongjiang"
    " harbin xinjiang urumqi kashgar aksu hotan tibet lhasa qinghai xining gansu lanzhou ningxia"
    " yinchuan mongolia baotou hohhot"
)
"""Where a company or a branch of it is: two different places are two companies."""

# fmt: off
CHINESE_ENDINGS = (
    "股份有限公司", "有限责任公司", "有限責任公司", "集团有限公司", "集團有限公司",
    "控股有限公司", "有限公司", "股份公司", "责任公司", "責任公司", "总公司", "總公司",
    "分公司", "新能源", "新材料", "半导体", "半導體", "公司", "集团", "集團", "控股", "股份",
    "能源", "动力", "動力", "储能", "儲能", "科技", "技术", "技術", "电池", "電池", "电子",
    "電子", "电气", "電氣", "汽车", "汽車", "材料", "实业", "實業", "工业", "工業", "国际",
    "國際", "锂电", "鋰電", "锂能", "鋰能", "高科", "制造", "製造", "贸易", "貿易", "发展",
    "發展", "投资", "投資",
)
# fmt: on
"""Legal forms and trades at the end of Chinese company names, the longer before its parts."""
