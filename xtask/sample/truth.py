"""What the tests may rely on: the text of every page, and where chosen words occur in it."""
import re
from dataclasses import asdict, dataclass

import pypdfium2 as pdfium

import facts as F
from materials import Material


@dataclass
class Volume:
    folder: str
    cls: str           # main | evidence | internal
    title: str
    materials: list[Material]

    def path(self, n: int) -> str:
        m = self.materials[n]
        return f"{self.folder}/{n + 1:02d} {m.title}.{m.ext}"


# Each stands on one page of the case and nowhere else; checked when the truth is written.
UNIQUE = [
    "两个黑色的手提袋", "手上刚涂了护手霜", "侧光下看是“三千八”几个字", "蓝变现象", "五十三岁，住云岭区松风路", "下午要去幼儿园接孩子", "苫布边角压有砖块", "2022-05-B07”",
    "EV000019900CN", "二〇二三年十一月八日", "倾向于上诉", "你先用着，算账的时候扣", "木樨东街79号院仓库管理处：", "我要是买料，会去港口买", "票据号码：00001990312", "地下室，2022年8月雨季进水损毁",
    "WJ-0730-01", "经办柜员：000019", "收条我收好了", "听泉里的房子过给老人", "百分之一点二付息", "派员商谈处理办法",
    "我说了得罪人”。此句有价值", "不要节外生枝", "从来没有听说给介绍客户的酬劳", "建议执行阶段与属地街道沟通", "改为先按六个月检验",
]
COUNTED = ["连带保证责任", "以货抵债", "保证期间", "二号库", "沈知衡", "出库单", "笔迹鉴定", "年利率14.4%", "蓝皮本子", "烘干窑", "3,740,000元", "CK220412", "审判长", "利", "催款函", "YSL-JK-2021-003"]
# Looked for at line ends, where PDF readers see two runs.
LONG = ["北京云杉岭木业有限公司", "连带责任保证", "民间借贷纠纷", "北京市云岭区人民法院", "委托诉讼代理人", "《保证合同》", "《借款合同》", "保证期间", "银行转账", "落叶松方木", "财产保全", "鉴定意见", "以货抵债", "烘干窑", "沈知衡", "贺兰汀"]


def _hits(volumes: list[Volume], term: str) -> list[dict]:
    out = []
    for v in volumes:
        before = 0
        for n, m in enumerate(v.materials):
            for k, p in enumerate(m.pages, 1):
                # Words are spaced out by ideographic spaces (审　判　长); the search finds them all the same.
                if c := p.text.replace("\u3000", "").count(term):
                    out.append({"path": v.path(n), "page": k, "volume_page": before + k, "count": c})
            before += len(m.pages)
    return out


def _broken(volumes: list[Volume], limit: int = 24) -> list[dict]:
    """Terms that stand once on a page and run over a line end there."""
    patterns = [(t, re.compile(r"\s*".join(map(re.escape, t)))) for t in LONG]
    out: list[dict] = []
    per_term: dict[str, int] = {}
    for v in volumes:
        for n, m in enumerate(v.materials):
            if m.kind != "text":
                continue
            file = pdfium.PdfDocument(m.data)
            for k, p in enumerate(m.pages, 1):
                got = file[k - 1].get_textpage().get_text_range()
                for term, pattern in patterns:
                    found = pattern.findall(got)
                    if p.text.count(term) == len(found) == 1 and found[0].count("\n") == 1 and per_term.get(term, 0) < 2:
                        per_term[term] = per_term.get(term, 0) + 1
                        left, right = re.split(r"\s*\n\s*", found[0], maxsplit=1)
                        out.append({"text": term, "path": v.path(n), "page": k, "parts": [left, right]})
    return out[:limit]


def build(volumes: list[Volume]) -> dict:
    found = {term: _hits(volumes, term) for term in UNIQUE}
    if wrong := {term: hits for term, hits in found.items() if len(hits) != 1 or hits[0]["count"] != 1}:
        raise ValueError(f"not unique: {wrong}")
    unique = [{"text": term, **{k: x for k, x in hits[0].items() if k != "count"}} for term, hits in found.items()]
    counted = []
    for term in COUNTED:
        hits = _hits(volumes, term)
        counted.append({"text": term, "total": sum(x["count"] for x in hits), "pages": len(hits), "per_page": hits})
    page = lambda p: {k: v for k, v in asdict(p).items() if k != "rotate" or v}
    return {
        "about": "page text: source paragraphs joined by \\n, header first and footer last; width and height in points of the unrotated page; "
                 "markers are counted within paragraphs, page by page, in scans and images too; page counts from 1 within the file, volume_page within the volume",
        "case": {"number": F.CASE_NO, "title": F.CASE_TITLE, "cause": F.CAUSE, "court": F.COURT,
                 "parties": [{"role": "原告", "name": F.PLAINTIFF}, {"role": "被告", "name": F.COMPANY}, {"role": "被告", "name": F.GUARANTOR}],
                 "panel": [F.PRESIDING, F.JUDGE, F.ASSESSOR]},
        "volumes": [{"folder": v.folder, "class": v.cls, "title": v.title, "pages": sum(len(m.pages) for m in v.materials),
                     "files": [{"path": v.path(n), "title": m.title, "kind": m.kind, "pages": [page(p) for p in m.pages]} for n, m in enumerate(v.materials)]} for v in volumes],
        "markers": {"unique": unique, "counted": counted, "broken": _broken(volumes)},
    }
