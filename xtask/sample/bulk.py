"""Text by the thousand pages: sentences of court records with seeded names, dates and amounts, and unique marks on every page."""
import random

from typeset import Block, p, pb, table, title

LENGTHS = [12, 28, 64, 35, 90, 41, 17, 73, 110, 22, 58, 36, 84, 19, 47, 66, 25, 101, 38, 34]
KINDS = ["起诉书", "庭前会议笔录", "法庭审理笔录", "询问笔录", "讯问笔录", "刑事判决书", "民事起诉状", "民事答辩状", "勘验笔录", "鉴定意见书",
         "扣押物品清单", "银行交易明细", "通讯记录", "搜查笔录", "证人证言", "调解笔录", "民事裁定书", "申请书", "工作函件", "企业登记资料"]
_WORDS = ["民初", "民终", "刑初", "行初", "执", "民申", "执异", "民再"]
SHARED = ["借名买房", "不当得利", "合同诈骗", "反洗钱法", "即时通讯", "信用卡", "监控录像", "移动电话", "银行账户", "储蓄卡", "盗窃罪", "侵权责任", "连带赔偿", "诉讼时效", "证据能力",
          "传闻证据", "交叉询问", "取保候审", "保证金", "缓刑", "没收财产", "追缴", "违约金", "抵押权", "所有权转移", "买卖合同", "租赁合同", "不动产登记", "医疗鉴定", "交通事故"]
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤"
_GIVEN = "知远若谷望舒怀瑾砚秋既白明溪春阳问渠小满立冬叙川岫廷苇兰汀听澜守拙见山念初千帆晚舟一禾青岚云深松涛竹隐梅影雪石泉月朗星河长风野渡"
_PLACES = ["云岭区松风路{a}号院{b}号楼", "云岭区木樨东街{a}号", "临江县望河大道{a}号{b}室", "青石镇集贤巷{a}号", "南屏市听泉里{a}号院{b}单元", "北渡区码头路{a}号仓库"]
_SENTENCES = [
    "被告人于{d}在{place}，与被害人{n}因{t}发生争执，随即以{t2}为由拒绝返还款项人民币{m}元。",
    "经本院勘验在案的{t}光盘，画面时间显示{d}{h}时{mi}分许，一名身着深色外套的男子进入{place}，停留约{k}分钟后离开。",
    "证人{n}当庭陈述：“我是在{d}通过朋友介绍认识被告的，当时他说可以帮忙办理{t}的事情，我就把{k}万元交给了他。”",
    "关于{t}，应当以当事人之间意思表示一致为要件，主张存在{t2}的一方，对该事实承担举证责任，本院{y}年第{c}号案件的说理可资参照。",
    "辩护人认为，本案{t}部分缺乏直接证据，且证人{n}前后陈述不一，依照疑罪从无的原则，应当作出有利于被告人的认定。",
    "上述事实，有被害人{n}的陈述、{t}、{t2}以及车牌号为京X·{plate}的小型客车行驶记录等证据在案佐证，足以认定。",
    "被告承认{d}收到转账{m}元，但否认存在{t}的行为，辩称该笔款项系{n}归还以前的借款，与{t2}没有关系。",
    "问：你与{n}是什么关系？答：我们是小学同学，后来一起在{place}开店。问：{d}那天你在哪里？答：时间太久，我记不清了。",
    "原告诉称：双方于{d}签订{t}，约定价款{m}元，被告应当在{k}日内完成{t2}，被告到期仍未履行。",
    "关于{t}，经委托鉴定机构鉴定，送检材料与样本特征相符，有该机构{y}年{mo}月{da}日第{c}号鉴定意见书附卷（见本院卷二第{k}页）。",
    "综上，被告的抗辩理由不能成立，本案事实清楚，证据确实、充分，{t}的事实应当予以认定，依法判决如下。",
    "公诉机关建议依照刑法第{art}条的规定定罪处罚，并申请对在案的{t}依法处理；违法所得{m}元应当退赔被害人{n}。",
    "合议庭认为，{n}提交的{t}系复制件，经与原件核对无异，其关联性应当结合{t2}以及当事人的陈述综合判断。",
    "书记员记录：{d}{h}时{mi}分，当事人{n}到庭，核对身份无误，对{t}没有补充意见，要求将{t2}的有关材料退还。"]


class Writer:
    """Writes the pages of one document; the same seed writes the same pages."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def kind(self, n: int) -> str:
        return _WORDS[n % len(_WORDS)]

    def _name(self, index: int) -> str:
        """A name of its own for every index: a stride coprime to the number of names visits each once."""
        k = index * 7919 % (len(_SURNAMES) * len(_GIVEN) ** 2)
        return _SURNAMES[k % len(_SURNAMES)] + _GIVEN[k // len(_SURNAMES) % len(_GIVEN)] + _GIVEN[k // len(_SURNAMES) // len(_GIVEN)]

    def _date(self) -> str:
        r = self.rng
        return f"{r.randint(2009, 2023)}年{r.randint(1, 12)}月{r.randint(1, 28)}日"

    def _money(self) -> str:
        return f"{self.rng.randint(3_000, 9_000_000):,}"

    def _sentence(self, name: str, terms: list[str]) -> str:
        r = self.rng
        place = r.choice(_PLACES).format(a=r.randint(1, 399), b=r.randint(1, 30))
        return r.choice(_SENTENCES).format(
            d=self._date(), place=place, n=name, t=r.choice(terms), t2=r.choice(terms), m=self._money(), h=r.randint(0, 23), mi=r.randint(0, 59), k=r.randint(2, 300),
            y=r.randint(2000, 2022), mo=r.randint(1, 12), da=r.randint(1, 28), c=r.randint(1, 6999), art=r.randint(114, 399), plate=f"{r.randint(0, 99999):05d}")

    def page(self, number: int, heading: str | None, needles: list[str], with_table: bool) -> tuple[list[Block], dict]:
        r = self.rng
        name, other = self._name(2 * number), self._name(2 * number + 1)
        code = f"EV-{number:04d}-{r.randint(0, 0xFFFF):04X}"
        case = f"（2022）京0199民他{70000 + number * 7 + r.randint(0, 6)}号"
        terms = r.sample(SHARED, 4)
        said = [f"本页证物编号{code}，另案{case}关系人{name}的陈述详见后附材料。"]
        while sum(map(len, said)) < (330 if with_table else 560 if heading is None else 500):
            said.append(self._sentence(r.choice([name, other]), terms))
        blocks = [title(heading, size=20)] if heading else []
        while said:
            take = r.randint(1, 3)
            blocks.append(p("".join(said[:take])))
            said = said[take:]
        blocks += [p(x) for x in needles]
        if with_table:
            rows = [["序号", "日期", "事项", "车号", "金额（元）"]] + [[str(i + 1), self._date(), r.choice(terms), f"京X·{r.randint(0, 99999):05d}", self._money()] for i in range(8)]
            blocks.append(table("14mm,40mm,1fr,34mm,34mm", rows, size=10, stroke=0.5, inset=5))
        return [*blocks, pb()], {"page": number, "code": code, "case": case, "name": name, "vertical": False}
