"""The facts of the invented case: who, when, how much. Every document takes its names and
numbers from here, so that they agree with each other as they do in a real file.

Nobody here exists: the court code, identity numbers, account numbers and telephone numbers are
outside the ranges that are ever issued.
"""
from dataclasses import dataclass

CASE_NO = "（2023）京0199民初12345号"
COURT = "北京市云岭区人民法院"
CAUSE = "民间借贷纠纷"
CASE_TITLE = "沈知衡与北京云杉岭木业有限公司、贺兰汀民间借贷纠纷"

PLAINTIFF = "沈知衡"
COMPANY = "北京云杉岭木业有限公司"
COMPANY_SHORT = "云杉岭公司"
LEGAL_REP = "顾廷苇"
GUARANTOR = "贺兰汀"

PRESIDING, JUDGE, ASSESSOR = "苏砚秋", "韩立冬", "程问渠"
CLERK, ASSISTANT = "方小满", "叶既白"
LAWYER_P, FIRM_P = "陆明溪", "北京砚台律师事务所"
LAWYER_C, FIRM_C = "白叙川", "北京青檐律师事务所"
LAWYER_G, FIRM_G = "祁远岫", "北京松针律师事务所"
W_KEEPER, W_ACCOUNTANT, W_FRIEND = "穆春阳", "邹小筠", "葛望舒"
EXPERT, EXPERT2, EXPERT_ORG = "闵怀瑾", "蓝若谷", "京岭司法鉴定中心"
BANK = "云岭商业银行木材市场支行"
INSURER = "云岭财产保险股份有限公司北京分公司"

ID_P, ID_R, ID_G = "000000197905120019", "000000197611030033", "000000198209270025"
CREDIT_CODE = "00000000MA0000012X"
ACC_P, ACC_C, ACC_WIFE = "0000000123456789012", "0000000987654321098", "0000000555500001111"
TEL_P, TEL_C, TEL_G, TEL_COURT = "00000001234", "00000005678", "00000009012", "010-00000199"
ADDR_P = "北京市云岭区松风路18号院6号楼2单元502室"
ADDR_C = "北京市云岭区木樨东街77号木材交易市场B区11号"
ADDR_G = "北京市云岭区听泉里9号院3号楼1103室"
ADDR_COURT = "北京市云岭区明正大街1号"
WAREHOUSE = "北京市云岭区木樨东街79号院二号库"


@dataclass(frozen=True)
class Tranche:
    n: int
    date: str
    amount: int
    how: str          # 银行转账 | 现金
    serial: str       # the bank's transaction number, or of the receipt
    use: str
    contact: str


@dataclass(frozen=True)
class Repayment:
    n: int
    date: str
    amount: int
    note: str


@dataclass(frozen=True)
class Delivery:
    n: int
    date: str
    goods: str
    volume: str
    value: int
    slip: str
    signed: str       # who signed for it; empty where the slip bears no signature


@dataclass(frozen=True)
class Exhibit:
    n: int
    name: str
    pages: str
    aim: str
    form: str         # 原件 | 复印件 | 电子数据


TRANCHES = [
    Tranche(1, "2021-03-08", 1_000_000, "银行转账", "YL2021030800017", "采购樟子松原木", "顾廷苇打来电话，说货柜已经到港，急等付款"),
    Tranche(2, "2021-03-22", 800_000, "银行转账", "YL2021032200145", "支付进口关税和港杂费", "顾廷苇到我办公室当面谈的，邹小筠也在场"),
    Tranche(3, "2021-04-15", 200_000, "现金", "SJ-20210415", "发放工人工资和装卸费", "顾廷苇说工人堵在仓库门口等着发工资，只能要现金"),
    Tranche(4, "2021-05-10", 1_200_000, "银行转账", "YL2021051000233", "采购落叶松方木", "顾廷苇在微信里发了采购合同的照片，让我当天打款"),
    Tranche(5, "2021-06-03", 600_000, "银行转账", "YL2021060300078", "扩建二号库的烘干窑", "顾廷苇和贺兰汀一起请我吃饭，席间提出来的"),
]
PRINCIPAL = sum(t.amount for t in TRANCHES)
HEAD_INTEREST = 60_000                       # came back on the day of the fifth tranche
FOUND_PRINCIPAL = PRINCIPAL - HEAD_INTEREST

_NOTES = ["付三月利息", "付四月利息", "付五月利息", "付六月利息", "付七月利息", "付八月利息",
          "付九月利息", "付十月利息", "付十一月利息", "往来款", "还款"]
REPAYMENTS = [Repayment(i + 1, d, a, _NOTES[i]) for i, (d, a) in enumerate([
    ("2021-04-08", 12_000), ("2021-05-08", 21_600), ("2021-06-08", 38_400), ("2021-07-08", 45_600),
    ("2021-08-09", 45_600), ("2021-09-08", 45_600), ("2021-10-08", 45_600), ("2021-11-08", 45_600),
    ("2021-12-08", 45_600), ("2022-01-10", 20_000), ("2022-03-15", 30_000)])]

DELIVERIES = [
    Delivery(1, "2022-04-12", "樟子松板材", "48.0立方米", 86_400, "CK220412", W_KEEPER),
    Delivery(2, "2022-04-26", "落叶松方木", "46.0立方米", 92_000, "CK220426", W_KEEPER),
    Delivery(3, "2022-05-17", "桦木胶合板", "1,350张", 108_000, "CK220517", W_KEEPER),
    Delivery(4, "2022-06-08", "樟子松板材", "63.1立方米", 113_600, "CK220608", ""),
    Delivery(5, "2022-06-29", "杉木规格材", "57.6立方米", 98_000, "CK220629", ""),
    Delivery(6, "2022-07-20", "落叶松方木", "57.0立方米", 114_000, "CK220720", ""),
]
GOODS_TOTAL = sum(d.value for d in DELIVERIES)
GOODS_SIGNED = sum(d.value for d in DELIVERIES if d.signed)

LAWYER_FEE, INSURANCE_FEE, COURT_FEE, FREEZE_FEE, EXPERT_FEE = 85_000, 4_600, 42_660, 5_000, 18_600
CLAIM_TOTAL = 4_482_560

EXHIBITS_P = [
    Exhibit(1, "《借款合同》（编号YSL-JK-2021-003）", "证据卷第2项", "双方之间存在民间借贷法律关系，约定月利率1.2%、借款期限十二个月", "原件"),
    Exhibit(2, "《保证合同》（编号YSL-BZ-2021-003）", "证据卷第3项", "贺兰汀对全部借款本息承担连带保证责任", "原件"),
    Exhibit(3, "银行转账凭证四份", "证据卷第4项", "沈知衡通过银行交付借款360万元", "原件"),
    Exhibit(4, "收条一份", "证据卷第8项", "云杉岭公司收到现金借款20万元", "原件"),
    Exhibit(5, "银行账户交易流水", "证据卷第5项", "云杉岭公司按月支付利息至2021年12月8日，此后停止付息", "原件"),
    Exhibit(6, "微信聊天记录", "证据卷第6、7项", "沈知衡多次催收，顾廷苇、贺兰汀承诺还款", "电子数据"),
    Exhibit(7, "《催款函》及邮寄凭证", "证据卷第12项", "沈知衡在保证期间内向保证人主张权利", "原件"),
    Exhibit(8, "《委托代理合同》及律师费发票", "正卷证据附页", "沈知衡为实现债权支出律师费8.5万元", "原件"),
    Exhibit(9, "保全保险费发票及保单保函", "正卷证据附页", "沈知衡为保全支出保险费4,600元", "原件"),
]
EXHIBITS_C = [
    Exhibit(1, "出库单六份", "证据卷第9项", "云杉岭公司以木材抵偿借款，货值合计61.2万元", "原件"),
    Exhibit(2, "账目明细表", "证据卷第11项", "云杉岭公司的还款及交货均已入账，账面欠款不足原告所主张的数额", "原件"),
    Exhibit(3, "2021年6月3日转账回单", "证据卷第5项", "第五笔借款交付当日返还6万元，应从本金中扣除", "原件"),
    Exhibit(4, "仓库租赁合同", "证据卷第9项附页", "原告租用二号库存放木材，出库木材系交付给原告", "复印件"),
]
EXHIBITS_G = [
    Exhibit(1, "出入境记录查询结果", "正卷证据附页", "《保证合同》载明的签署日贺兰汀不在北京", "复印件"),
    Exhibit(2, "贺兰汀日常签名样本三份", "证据卷第10项附件", "《保证合同》上的签名并非贺兰汀本人书写", "原件"),
]
