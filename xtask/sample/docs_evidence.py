"""The evidence volume: contract, bank papers, statement, chats, receipt, slips, appraisal, ledger, reminder."""
import datetime
import random

import facts as F
from prose import cn, date, upper, yuan
from typeset import COUNTED, Block, Doc, bubble, center, gap, h, hand, p, pb, ps, raw, right, seal, table, title

PHONE = (137.6, 297.8)     # mm: 390 x 844 pt


def contract() -> Doc:
    return Doc("借款合同", [title("借款合同"), right("合同编号：YSL-JK-2021-003"), *ps(f"""
**出借人（甲方）：**{F.PLAINTIFF}　　公民身份号码：{F.ID_P}
**借款人（乙方）：**{F.COMPANY}　　统一社会信用代码：{F.CREDIT_CODE}
甲、乙双方在平等、自愿的基础上，就借款事宜达成如下协议，共同遵守："""),
        *(b for k, (head, text) in enumerate([
            ("借款额度", f"甲方同意向乙方提供总额不超过人民币肆佰万元整（4,000,000元）的借款。乙方可以根据经营需要分次支用，每次支用的数额、日期由双方另行商定，以银行转账凭证或者收条为准。"),
            ("交付方式", f"借款以银行转账方式交付至乙方开立于{F.BANK}的账户（账号{F.ACC_C}）。因特殊情况需要以现金交付的，乙方应当出具加盖公章的收条。"),
            ("利率与付息", "借款月利率为1.2%，自每笔借款实际交付之日起计算。乙方应于每月8日前将上月利息支付至甲方指定账户，遇法定节假日顺延至下一个工作日。不足一个月的，按实际天数折算，一个月以三十日计。"),
            ("借款期限", "每笔借款的期限为自交付之日起十二个月。乙方可以提前还款，提前还款的，利息计算至实际还款之日，甲方不收取其他费用。"),
            ("借款用途", "乙方应当将借款用于采购木材及相关经营周转，不得用于违法活动。甲方有权了解借款的使用情况，乙方应当予以配合。"),
            ("保证担保", f"{F.GUARANTOR}自愿为乙方在本合同项下的全部债务提供连带责任保证，由甲方与保证人另行签订《保证合同》，编号YSL-BZ-2021-003。"),
            ("违约责任", "乙方未按期偿还本金或者支付利息的，除继续按照约定利率计算利息外，还应当承担甲方为实现债权所支出的费用，包括但不限于诉讼费、律师费、保全费、保险费、鉴定费、差旅费。"),
            ("提前到期", "乙方有下列情形之一的，甲方有权宣布全部借款提前到期：连续两个月未支付利息；擅自改变借款用途；涉及重大诉讼或者财产被查封；停业、解散或者法定代表人失去联系。"),
            ("通知与送达", "双方确认合同载明的地址、电话和微信号为有效的联系方式，一方变更的，应当在三日内书面通知对方。按照上述地址寄送的文件，签收之日或者退回之日视为送达。"),
            ("争议解决", f"因本合同发生的争议，双方协商解决；协商不成的，任何一方均可向甲方住所地人民法院提起诉讼。"),
            ("其他", "本合同一式两份，甲、乙双方各执一份，自双方签字、盖章之日起生效。本合同未尽事宜，双方可以签订补充协议，补充协议与本合同具有同等效力。")]) for b in (h(f"第{cn(k + 1)}条　{head}"), p(text))),
        gap(8), p(f"甲方（签字）：{F.PLAINTIFF}", indent=0), gap(4), p(f"乙方（盖章）：{F.COMPANY}", indent=0), p(f"法定代表人（签字）：{F.LEGAL_REP}", indent=0), gap(4), p("签订日期：2021年3月8日　　签订地点：北京市云岭区", indent=0), seal(F.COMPANY, size=42, dx=-30, dy=-44)],
        date="2021-03-08", header="合同编号：YSL-JK-2021-003", footer=COUNTED)


GUARANTEE = ("保证合同", [
    "合同编号：YSL-BZ-2021-003",
    f"债权人（甲方）：{F.PLAINTIFF}，公民身份号码{F.ID_P}。",
    f"保证人（乙方）：{F.GUARANTOR}，公民身份号码{F.ID_G}。",
    f"鉴于甲方与{F.COMPANY}（以下称债务人）签订了编号为YSL-JK-2021-003的《借款合同》，乙方自愿为债务人履行债务提供担保。经双方协商一致，订立本合同。",
    "第一条　被担保的主债权。乙方所担保的主债权为甲方依据《借款合同》在人民币肆佰万元额度内向债务人发放的全部借款，不论分几次支用，均在担保之列。",
    "第二条　保证方式。乙方承担保证责任的方式为连带责任保证。债务人不履行到期债务时，甲方可以直接要求乙方在保证范围内承担保证责任。",
    "第三条　保证期间。保证期间为主债务履行期限届满之日起三年。主债务分笔到期的，保证期间分笔计算；甲方宣布主债务提前到期的，自提前到期之日起计算。",
    "第四条　保证范围。保证范围包括主债权本金、利息、违约金、损害赔偿金以及甲方实现债权的费用，实现债权的费用包括诉讼费、律师费、保全费、保险费、鉴定费。",
    "第五条　主合同变更。甲方与债务人变更主合同，未加重债务人的债务的，无须征得乙方同意，乙方仍应承担保证责任；加重债务的，乙方对加重的部分不承担责任，乙方书面同意的除外。",
    "第六条　乙方的声明。乙方已经阅读并理解主合同和本合同的全部条款，知悉债务人的经营和资信状况，签署本合同系其真实意思表示，不存在受欺诈、胁迫的情形。",
    "第七条　甲方的权利。甲方有权要求乙方提供财产状况的说明；乙方转让、赠与重大财产的，应当提前书面通知甲方。",
    "第八条　追偿。乙方承担保证责任后，有权在其承担的范围内向债务人追偿，但不得损害甲方的利益。",
    "第九条　通知。甲方向乙方发出的催收通知，可以采用书面、短信、微信等方式，寄送至债务人营业地址的，视为向乙方送达。",
    "第十条　争议解决。因本合同发生的争议，由主合同约定的人民法院管辖。",
    "第十一条　生效。本合同自甲、乙双方签字之日起生效，一式两份，双方各执一份，具有同等法律效力。",
    f"甲方（签字）：{F.PLAINTIFF}", f"乙方（签字）：{F.GUARANTOR}", "签订日期：2021年3月8日",
])


def slips() -> Doc:
    out: list[Block] = []
    for t in [t for t in F.TRANCHES if t.how == "银行转账"]:
        out += [center("云岭商业银行　电子转账凭证", 1.1, True), p(f"打印时间：2023年2月20日　　回单编号：{t.serial}", size=0.7), table("26mm,1fr,26mm,1fr", [
            ["付款人", F.PLAINTIFF, "收款人", F.COMPANY], ["付款账号", F.ACC_P, "收款账号", F.ACC_C], ["付款行", F.BANK, "收款行", F.BANK], ["金额（小写）", f"¥{t.amount:,}.00", "币种", "人民币"], ["金额（大写）", (upper(t.amount), 3)],
            ["交易日期", date(t.date), "交易渠道", "手机银行"], ["附言", "设备款" if t.n == 5 else "货款", "状态", "交易成功"], ["流水号", t.serial, "验证码", f"V{t.n}{t.amount % 9973:04d}"]], size=11, stroke=0.25, inset=6.5, head=False, bold_first=True),
            p("本凭证由银行系统生成，仅供核对，不作为收付款的唯一依据。重复打印无效。", size=0.65), gap(12), seal("云岭商业银行电子回单专用章", size=36, dx=-8, dy=-40)]
        out.append(pb() if t.n in (2,) else gap(10))
    return Doc("银行转账凭证", out, date="2023-02-20", footer=COUNTED, font="sans", size=14, margin=(24, 22, 22, 22))


def _statement_rows() -> list[list[str]]:
    """The company's account, so that the return of 60,000 is entry 147, as the judgment says."""
    rng = random.Random(147)
    known = [(t.date, t.amount, F.PLAINTIFF, "设备款" if t.n == 5 else "货款") for t in F.TRANCHES if t.how != "现金"]
    known += [(r.date, -r.amount, F.PLAINTIFF, r.note) for r in F.REPAYMENTS] + [("2021-06-03", -F.HEAD_INTEREST, "季听澜", "咨询服务费")]
    known += [("2021-03-09", -862_400, "口岸北驰货运代理有限公司", "樟子松七柜货款"), ("2021-03-23", -513_208, "海关税款专户", "进口关税增值税"), ("2021-05-11", -900_000, "满青林场物资公司", "落叶松方木款"), ("2021-06-04", -400_000, "恒燥窑炉设备厂", "烘干窑一期款")]
    shops = ["东巷装饰工程有限公司", "和木家具厂", "青桐建材经营部", "云岭区供电营业所", "木樨东街仓库管理处", "远达汽运队", "林语木门厂", "个人客户", "三合五金商店", "职工工资代发户", "燕尾榫家具工作室", "晴川包装材料厂"]
    notes = {"云岭区供电营业所": "电费", "木樨东街仓库管理处": "库位租金", "远达汽运队": "运费", "职工工资代发户": "代发工资", "三合五金商店": "五金配件", "晴川包装材料厂": "包装材料"}

    def fill(start: str, end: str, count: int) -> list[tuple[str, int, str, str]]:
        a, b = datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)
        out = []
        for _ in range(count):
            shop = rng.choice(shops)
            cents = rng.randrange(38_000, 2_900_000)
            day = a + datetime.timedelta(days=rng.randrange((b - a).days + 1))
            out.append((day.isoformat(), (-cents if shop in notes else cents) / 100, shop, notes.get(shop, rng.choice(["货款", "木材款", "定金", "尾款", "往来"]))))
        return out
    before = [k for k in known if k[0] < "2021-06-03"]
    early = sorted(before + fill("2021-03-01", "2021-06-02", 145 - len(before)))
    late = sorted([k for k in known if k[0] > "2021-06-03"] + [("2021-06-03", -15.0, F.BANK, "转账手续费")] + fill("2021-06-04", "2022-03-31", 170))
    rows, balance = [], 318_642.17
    for n, (day, amount, who, note) in enumerate(early + [x for x in known if x[0] == "2021-06-03"] + late, 1):
        if balance + amount < 0:
            amount, who, note = -amount, "个人客户", "收款"
        balance += amount
        rows.append([str(n), day.replace("-", ""), f"{-amount:,.2f}" if amount < 0 else "", f"{amount:,.2f}" if amount > 0 else "", f"{balance:,.2f}", who, note])
    return rows


def statement() -> Doc:
    rows, out = _statement_rows(), []
    assert rows[146][5:] == ["季听澜", "咨询服务费"], rows[146]
    head = ["序号", "交易日期", "借方发生额", "贷方发生额", "余额", "对方户名", "摘要"]
    out += [title("单位账户交易流水", size=20, tracking=3), p(f"**户名：**{F.COMPANY}　　**账号：**{F.ACC_C}", indent=0, size=0.75), p(f"**开户行：**{F.BANK}　　**币种：**人民币　　**起止日期：**20210301—20220331", indent=0, size=0.75)]
    first, step = 33, 38
    cuts = [0, *range(first, len(rows), step), len(rows)]
    for a, b in zip(cuts, cuts[1:]):
        out += [table("11mm,20mm,25mm,25mm,27mm,1fr,26mm", [head] + rows[a:b], size=9, stroke=0.25, inset=4.6, align="(std.center, std.center, std.right, std.right, std.right, std.left, std.left)"), pb()]
    out[-1] = p(f"**合计：**共{len(rows)}笔。　　**打印日期：**20230220　　**经办柜员：**000019", indent=0, size=0.75)
    return Doc("银行账户交易流水", out + [gap(24), seal("云岭商业银行业务专用章", size=38, dx=-12, dy=-26)], date="2023-02-20", header="云岭商业银行　对公账户交易明细清单", footer=COUNTED, font="sans", size=13, margin=(24, 18, 16, 16))


def _phone(name: str, clock: str, messages: list[Block]) -> Doc:
    bar = raw(f'#block(width: 100%, grid(columns: (1fr, 1fr), text(size: 12pt, weight: "bold", "{clock}"), align(std.right, text(size: 12pt, "4G 78%"))))', clock, "4G 78%")
    head = raw(f'#block(width: 100%, below: 6pt, align(std.center, text(size: 16pt, weight: "bold", "{name}")))#line(length: 100%, stroke: 0.4pt + luma(200))', name)
    return Doc("微信聊天记录", [bar, head, *messages], footer=None, font="sans", size=15, leading=7, paper=PHONE, margin=(8, 6, 5, 5), fill='rgb("#ededed")', date="2023-02-26")


def _when(s: str) -> Block:
    return raw(f'#block(width: 100%, align(std.center, text(size: 11pt, fill: luma(130), "{s}")))', s)


def chat_one() -> Doc:
    m, y = "l", "r"
    return _phone("顾廷苇（云杉岭）", "20:14", [
        _when("2021年4月20日 08:32"), bubble(m, "顾", "沈哥，昨天那二十万解了燃眉之急，工人都稳住了"), bubble(y, "沈", "收条我收好了。利息记得一起算"), bubble(m, "顾", "放心，8号之前一分不少"),
        _when("2022年5月9日 19:47"), bubble(y, "沈", "老顾，去年十二月到现在了，本金利息你给个准话"), bubble(m, "顾", "下游跑了两家，实在周转不开。料先压在你那里，算账的时候再说"), bubble(y, "沈", "料是料，钱是钱，先还钱"), bubble(m, "顾", "理解理解，月底之前我想办法凑三十万"),
        _when("2022年8月25日 21:03"), bubble(y, "沈", "三个月过去了，一分没见到，明天我寄催款函，你和贺总都有份"), bubble(m, "顾", "别这样沈哥，再给我一个月")])


def chat_two() -> Doc:
    m, y = "l", "r"
    return _phone("贺兰汀", "09:26", [
        _when("2022年8月29日 10:15"), bubble(y, "沈", "贺总，函应该收到了吧，担保的事你得认，三百八十万本金连利息，请你按合同还"), bubble(m, "贺", "我去催一催顾总，您别急"), bubble(y, "沈", "催了多少次了，合同上是你签的字"), bubble(m, "贺", "这两天在外地，回去再说"),
        _when("2022年9月6日 18:50"), bubble(y, "沈", "回来了吗"), _when("2022年9月30日 22:11"), bubble(y, "沈", "听说你把听泉里的房子过给老人了？这样做不合适吧"), bubble(m, "贺", "那是我妈出的钱，跟这事没有关系")])


def receipt() -> Doc:
    return Doc("收条", [raw('#v(6mm)#align(std.center, hand("收　条", size: 30pt))#v(8mm)', "收　条"), hand(f"今收到{F.PLAINTIFF}现金人民币贰拾万元整（200,000.00元），用于发放工人工资和装卸费，此款计入借款合同YSL-JK-2021-003项下，按月利率百分之一点二付息。"), gap(10), raw('#align(std.right, hand("收款人：北京云杉岭木业有限公司"))', "收款人：北京云杉岭木业有限公司"),
                     raw('#align(std.right, hand("经手人：顾廷苇"))', "经手人：顾廷苇"), raw('#align(std.right, hand("2021年4月15日"))', "2021年4月15日"), seal(F.COMPANY, size=40, dx=-8, dy=-36)], footer=None, paper=(185, 130), margin=(12, 10, 18, 18), leading=15, date="2021-04-15")


def delivery_slips() -> Doc:
    out: list[Block] = []
    for d in F.DELIVERIES:
        out += [title("出库单", size=22, tracking=10), p(f"单号：{d.slip}　　日期：{date(d.date)}　　第二联：收货联", size=0.75), table("32mm,26mm,1fr,26mm,30mm,24mm", [["品名", "规格", "等级", "数量", "金额（元）", "备注"], [d.goods, f"{3 + d.n % 2}.0米", "二级", d.volume, f"{d.value:,}.00", "现场点数"], ["合计大写", (upper(d.value), 5)]], size=12, inset=9),
                p(f"发货单位：{F.COMPANY}　　制单：{F.W_ACCOUNTANT}　　司机签字：　　　　", size=0.75), p(f"收货地址：{F.WAREHOUSE}", size=0.75), gap(4), hand(f"收货人：{d.signed}", size=18) if d.signed else p("收货人：", size=0.9), pb()]
    return Doc("出库单", out[:-1], footer=None, paper=(210, 148), margin=(14, 10, 16, 16), leading=12, date="2022-07-20")


def appraisal() -> Doc:
    marks = ["“贺”字“力”部起笔反向顿压", "“贺”字“贝”部末两点的指向", "“贺”字上下结构的错位", "“兰”字首两点的呼应", "“兰”字第二横的弧度", "“兰”字第三横与下字的连带", "“汀”字三点水首点的形态", "“汀”字三点水的转折", "“汀”字横画起笔的高度", "“汀”字钩笔的收笔方向", "三字整体的倾斜与间距"]
    rows = [["序号", "特征", "检材", "样本", "评价"], *([str(i + 1), s, t, u, "符合"] for i, (s, t, u) in enumerate((m, ["明显", "向右下", "左移", "收点短", "上弧", "上挑", "侧点", "圆转", "偏高", "左上", "右倾约7度"][i], ["明显", "向右下", "左移", "收点短", "上弧", "上挑", "侧点", "圆转", "偏高", "左上", "右倾约6度"][i]) for i, m in enumerate(marks)))]
    picture = lambda who: raw(f'#block(width: 100%, stroke: 0.5pt, inset: 14pt, align(std.center, hand("贺　兰　汀", size: 44pt)))', "贺　兰　汀")
    return Doc("笔迹鉴定意见书", [gap(30), center(F.EXPERT_ORG, 1.5, True), title("司法鉴定意见书", size=34), gap(20), center("京岭司鉴中心〔2023〕文鉴字第0730号", 1.1), gap(60), center("（司法鉴定专用章）", 0.9), pb(),
        title("声明", size=20), *ps("""
一、司法鉴定机构和司法鉴定人根据法律、法规和规章的规定，按照鉴定的科学规律和技术操作规范，依法独立、客观、公正进行鉴定并出具鉴定意见，不受任何个人或者组织的非法干预。
二、司法鉴定意见书是否作为定案或者认定事实的根据，取决于办案机关的审查判断，司法鉴定机构和司法鉴定人无权干涉。
三、使用司法鉴定意见书，应当保持其完整性和严肃性，部分引用的，应当保留上下文。
四、鉴定意见属于鉴定人的专业意见。当事人对鉴定意见有异议的，应当通过庭审质证或者申请重新鉴定、补充鉴定等方式解决。"""), pb(),
        h("一、基本情况"), *ps(f"""
委托人：{F.COURT}
委托事项：《保证合同》落款处“贺兰汀”签名、第三条手写“三”字与样本是否为同一人书写
受理日期：2023年6月25日　　鉴定日期：2023年6月25日至7月20日
鉴定地点：{F.EXPERT_ORG}文书鉴定实验室
检材：标称日期为2021年3月8日的《保证合同》原件一份，共五页，编号JC1。
自然样本：2020年11月购房合同签名页一份，编号YB1；2021年1月、2021年8月银行开户资料各一份，编号YB2、YB3。
实验样本：2023年6月19日书写的“贺兰汀”签名二十份，其中坐姿十份、站姿十份，编号YB4。"""), h("二、基本案情"), p("委托人在审理民间借贷纠纷一案中，贺兰汀否认《保证合同》上的签名系本人书写，经其申请，委托本中心鉴定。"),
        h("三、鉴定过程"), *ps("""
（一）依照《笔迹鉴定技术规范》，使用体视显微镜、视频光谱比对仪、文检仪对检材、样本进行检验。检材签名为黑色签字笔书写，笔画清晰，书写水平中等偏上，运笔自然流畅，未见停顿、另起笔、修描、抖动等摹仿迹象；签名笔画压在打印横线之上。
（二）对样本进行检验。自然样本之间、自然样本与实验样本之间书写水平一致，特征稳定，反映了同一人的书写习惯，具备比对条件。坐姿与站姿的实验样本在字形大小上有所变化，写法、运笔等特征没有变化。
（三）比较检验。将检材签名与样本签名在概貌特征、写法特征、结构特征、运笔特征和字间搭配方面进行比对，见图一至图十二。"""), pb(), h("图一　检材签名（放大）"), picture("检材"), gap(8), h("图二　样本YB2签名（放大）"), picture("样本"), gap(8), p("注：图像为示意，原始照片存鉴定档案，编号WJ-0730-01至WJ-0730-46。", size=0.75), pb(),
        h("表一　特征比对表"), table("14mm,1fr,28mm,28mm,18mm", rows, size=12, inset=8.5), *ps("""
差异点：“汀”字三点水第二点与第三点，检材为断开，自然样本YB1、YB3为连写，实验样本中六份断开、十四份连写。该差异可以由书写速度的变化解释，属于非本质差异。"""), pb(), h("四、分析说明"), *ps("""
检材签名书写自然、特征充分，具备鉴定条件。检材与样本在书写水平、字形体势、写法等概貌特征上一致，在单字结构、起收笔、连笔、搭配比例等细节特征上有十一处符合，其中“贺”字“力”部起笔反向顿压、“兰”字第三横与下字的连带、“汀”字钩笔收笔方向，在一般人群中出现率较低，具有较高的鉴定价值。
上述符合特征数量多、质量高，其总和反映了同一人的书写习惯；差异特征数量少、质量低，可以得到合理解释。
第三条手写“三”字笔画简单，所反映的书写习惯特征不足，不具备同一认定的条件。"""), h("五、鉴定意见"), p("**《保证合同》落款处“贺兰汀”签名与样本签名是同一人书写。**第三条手写“三”字不具备鉴定条件，不出具意见。"), h("六、附件"), *ps("1. 检材、样本复制件；\n2. 特征比对图片十二幅；\n3. 鉴定人执业证复印件；\n4. 鉴定机构许可证复印件。"), gap(8),
        right(f"司法鉴定人：{F.EXPERT}　高级工程师", 8), right(f"司法鉴定人：{F.EXPERT2}　工程师", 8), right("2023年7月20日", 8), seal(F.EXPERT_ORG, "司法鉴定专用章", size=40, dx=-14, dy=-28), pb(), title("补正书"), p(F.COURT + "：", indent=0), p("本中心文鉴字第0730号鉴定意见书附件图十二的标注“样本三”系笔误，应为“样本二”。该补正不影响鉴定意见。特此说明。"), gap(10), right(F.EXPERT_ORG, 10), right("2023年8月30日", 10)], date="2023-07-20", footer=COUNTED)


def ledger() -> Doc:
    rows: list[list[str]] = []
    balance = 0
    events = [(t.date, f"收沈知衡借款（第{cn(t.n)}笔，{t.how}）", t.amount if t.how != "现金" else 0, 0, t.serial, "现金一笔账面未列" if t.how == "现金" else "") for t in F.TRANCHES]
    events += [(r.date, r.note, 0, 0 if "利息" in r.note else r.amount, f"付字{r.n:03d}", f"利息{r.amount:,}" if "利息" in r.note else "冲减本金") for r in F.REPAYMENTS]
    events += [(d.date, f"{d.goods}{d.volume}抵债", 0, d.value, d.slip, f"{d.signed}签收" if d.signed else "未见签收") for d in F.DELIVERIES] + [("2021-06-03", "返还款（季听澜账户）", 0, F.HEAD_INTEREST, "付字003-1", "预扣利息")]
    for n, (day, what, up, down, slip, note) in enumerate(sorted(events), 1):
        balance += up - down
        rows.append([str(n), day.replace("-", "."), what, slip, f"{up:,}" if up else "", f"{down:,}" if down else "", f"{balance:,}", note])
    rows.append(["", "", "合计", "", f"{sum(e[2] for e in events):,}", f"{sum(e[3] for e in events):,}", f"{balance:,}", ""])
    head = ["序号", "日期", "摘要", "凭证号", "借入（元）", "归还、抵减（元）", "账面余额（元）", "备注"]
    out: list[Block] = [title("与沈知衡往来账目明细表", size=22, tracking=3), p(f"编制单位：{F.COMPANY}　　编制日期：2023年3月25日　　单位：人民币元", size=0.7)]
    for i in range(0, len(rows), 12):
        out += [table("12mm,26mm,1fr,40mm,30mm,36mm,34mm,38mm", [head] + rows[i:i + 12], size=11.5, inset=7), pb()]
    out[-1] = p("编制：（未签名）　　复核：顾廷苇　　说明：本表依据公司台账整理，现金二十万元因未入账，未列入借入金额。", size=0.7)
    return Doc("账目明细表", out + [gap(14), seal(F.COMPANY, size=38, dx=-10, dy=-22)], date="2023-03-25", paper=(297, 210), margin=(20, 18, 20, 20), footer=COUNTED)


def reminder() -> Doc:
    return Doc("催款函", [title("催款函", tracking=10), p(f"{F.COMPANY}、{F.GUARANTOR}：", indent=0), *ps(f"""
2021年3月，贵公司与本人签订《借款合同》，本人先后五次出借款项共计人民币{upper(F.PRINCIPAL)}（{yuan(F.PRINCIPAL)}）。最后一笔借款已于2022年6月2日到期，贵公司自2021年12月9日起未按约付息，至今未归还本金。
请贵公司在收到本函之日起十日内还清全部借款本金及利息，请保证人贺兰汀一并履行连带保证责任。逾期不履行的，本人将通过诉讼途径解决，由此产生的诉讼费、律师费、保全费等费用，均由贵方承担。
贵公司存放于二号库的木材，请一并于十日内派员商谈处理办法。
特此函告。"""), gap(8), right(f"出借人：{F.PLAINTIFF}", 14), right("2022年8月26日", 14), pb(), title("邮政特快专递详情单", size=20, tracking=2), table("30mm,1fr", [["邮件号", "EV000017700CN"], ["寄件人", f"{F.PLAINTIFF}　{F.TEL_P}"], ["寄件地址", F.ADDR_P], ["收件人", f"{F.COMPANY}　{F.GUARANTOR}"], ["收件地址", F.ADDR_C], ["内件品名", "催款函（落款2022年8月26日）"], ["收寄日期", "2022年8月26日16时30分"], ["投递结果", "2022年8月28日10时12分　已签收，签收人：前台"]], size=13, inset=11, head=False, align="(std.center, std.left)")], date="2022-08-26", footer=None)
