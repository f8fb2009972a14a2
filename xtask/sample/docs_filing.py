"""Filing and procedure: complaint, notices, forms, identity papers, preservation, summonses."""
import facts as F
from prose import cn_date, date, upper, yuan
from typeset import LOOSE, Block, Doc, center, court, gap, h, p, pb, ps, right, seal, sheet, table, title

SIGN = [gap(6), right(F.COURT, 10)]


def signed(iso: str, under: str | None = None) -> list[Block]:
    return [gap(10), right(cn_date(iso), 10), seal(F.COURT, under, dx=-14, dy=-26)]


def complaint() -> Doc:
    return Doc("民事起诉状", [title("民事起诉状"), *ps(f"""
**原告：**{F.PLAINTIFF}，男，1979年5月12日出生，汉族，住{F.ADDR_P}，公民身份号码{F.ID_P}，联系电话{F.TEL_P}。
**委托诉讼代理人：**{F.LAWYER_P}，{F.FIRM_P}律师。
**被告一：**{F.COMPANY}，住所地{F.ADDR_C}，统一社会信用代码{F.CREDIT_CODE}，法定代表人{F.LEGAL_REP}，联系电话{F.TEL_C}。
**被告二：**{F.GUARANTOR}，女，1982年9月27日出生，汉族，住{F.ADDR_G}，公民身份号码{F.ID_G}，联系电话{F.TEL_G}。
**案由：**{F.CAUSE}"""), h("诉讼请求"), *ps(f"""
一、判令被告云杉岭公司向原告偿还借款本金{yuan(F.PRINCIPAL)}（大写：人民币{upper(F.PRINCIPAL)}）；
二、判令被告云杉岭公司向原告支付利息，以{yuan(F.PRINCIPAL)}为基数，自2021年12月9日起至实际清偿之日止，按照年利率14.4%计算，暂计至2023年2月28日为{yuan(F.CLAIM_TOTAL - F.PRINCIPAL - F.LAWYER_FEE - F.INSURANCE_FEE)}；
三、判令被告云杉岭公司向原告支付为实现债权支出的律师费{yuan(F.LAWYER_FEE)}、财产保全责任保险费{yuan(F.INSURANCE_FEE)}；
四、判令被告贺兰汀对上述第一项至第三项债务承担连带保证责任；
五、本案案件受理费、保全申请费由二被告共同负担。"""), h("事实与理由"), *ps(f"""
原告与被告云杉岭公司的法定代表人{F.LEGAL_REP}均从事木材经营，经案外人{F.W_FRIEND}介绍相识。2021年2月底，{F.LEGAL_REP}以公司进口的樟子松原木到港、急需资金提货为由，向原告提出借款。
2021年3月5日，原告与云杉岭公司在该公司二楼会议室签订《借款合同》（编号YSL-JK-2021-003，落款日期为2021年3月8日），约定：借款额度400万元，由云杉岭公司根据需要分次支用；月利率1.2%，每月8日前付息；每笔借款期限自交付之日起十二个月；逾期不还的，除继续按约定利率计息外，还应承担原告为实现债权支出的律师费、保全费、保险费等费用。
同日，被告贺兰汀与原告签订《保证合同》（编号YSL-BZ-2021-003），约定贺兰汀为《借款合同》项下的全部债务提供连带责任保证，保证范围包括本金、利息以及实现债权的费用，保证期间为主债务履行期限届满之日起三年。
合同签订后，原告依约分五次交付借款：{''.join(f'{date(t.date)}以{t.how}方式交付{yuan(t.amount)}；' for t in F.TRANCHES)}合计{yuan(F.PRINCIPAL)}。其中现金部分由云杉岭公司出具收条并加盖公章。
云杉岭公司自2021年4月起按月付息，至2021年12月8日止，利息付清。此后，除2022年1月10日付款2万元、2022年3月15日付款3万元外，云杉岭公司未再支付任何款项。2022年6月2日，最后一笔借款期限届满，云杉岭公司仍未归还本金。
原告多次通过微信、电话和上门方式催收。2022年8月26日，原告以邮政特快专递向云杉岭公司和贺兰汀寄送《催款函》，要求二被告于收函后十日内还清全部款项，二被告签收后置之不理。原告另得知，贺兰汀于2022年9月将名下一套房产过户给其母亲，显有逃避债务之嫌。
综上，原告与云杉岭公司之间的民间借贷关系合法有效，云杉岭公司逾期不还，已构成违约；贺兰汀作为连带责任保证人，应当在保证范围内承担连带责任。为维护合法权益，原告依据《中华人民共和国民法典》第六百六十七条、第六百七十四条、第六百七十五条、第六百七十六条、第六百八十八条以及《中华人民共和国民事诉讼法》第一百二十二条之规定，向贵院提起诉讼，恳请依法支持原告的全部诉讼请求。
此致"""), p(F.COURT, indent=0), gap(8), right(f"具状人：{F.PLAINTIFF}", 20), right("2023年3月1日", 20), gap(4),
        *ps("附：1. 本起诉状副本二份；\n2. 证据目录及证据材料三套；\n3. 原告身份证复印件一份；\n4. 财产保全申请书一份。")], date="2023-03-01", leading=LOOSE)


def approval() -> Doc:
    rows = lambda *r: [list(x) for x in r]
    form = table("28mm,1fr,28mm,1fr", rows(
        ("案号", F.CASE_NO, "收到日期", "2023年3月1日"), ("案由", F.CAUSE, "标的额", yuan(F.CLAIM_TOTAL)), ("原告", F.PLAINTIFF, "联系电话", F.TEL_P),
        ("被告", (f"{F.COMPANY}；{F.GUARANTOR}", 3)), ("来源", "当事人自行提交", "适用程序", "普通程序"),
        ("诉讼请求", (f"偿还借款本金{yuan(F.PRINCIPAL)}及利息；支付律师费、保险费；保证人承担连带责任。", 3)),
        ("审查意见", ("经审查，原告与本案有直接利害关系，有明确的被告、具体的诉讼请求和事实理由，属于人民法院受理民事诉讼的范围和本院管辖，符合《中华人民共和国民事诉讼法》第一百二十二条规定的起诉条件，拟予登记立案。　　承办人：卢见山　　2023年3月3日", 3)),
        ("庭长意见", ("同意立案。　　秦守拙　　2023年3月6日", 3)), ("案件受理费", yuan(F.COURT_FEE), "保全申请费", yuan(F.FREEZE_FEE)), ("移送庭室", "民事审判第二庭", "移送日期", "2023年3月8日"),
        ("备注", ("附财产保全申请。诉前未经调解组织调解，原告不同意先行调解。", 3))), size=12, head=False, align="(std.center, std.left, std.center, std.left)", inset=9)
    flow = table("14mm,40mm,1fr,32mm,26mm", rows(("序号", "节点", "办理情况", "日期", "经办人"), *((str(i + 1), *r) for i, r in enumerate([
        ("收案登记", "网上立案系统登记", "2023.03.01", "卢见山"), ("立案审查", "符合起诉条件", "2023.03.03", "卢见山"), ("缴费", "受理费、保全费已缴", "2023.03.06", "卢见山"), ("分案", "随机分案至民事审判第二庭", "2023.03.08", "系统"),
        ("保全移送", "移送保全中心办理", "2023.03.09", F.CLERK), ("送达起诉状副本", "直接送达、邮寄送达", "2023.03.15", F.CLERK), ("答辩期满", "二被告均提交答辩状", "2023.04.10", F.CLERK), ("庭前会议", "整理争议焦点", "2023.05.06", F.ASSISTANT),
        ("第一次开庭", "第七法庭", "2023.05.18", F.CLERK), ("委托鉴定", "笔迹鉴定，扣除审限61日", "2023.05.25", F.ASSISTANT), ("第二次开庭", "第七法庭", "2023.09.14", F.CLERK), ("合议", "合议庭评议", "2023.10.20", F.CLERK),
        ("宣判", "定期宣判", "2023.11.23", F.CLERK)]))), size=11.5, inset=8)
    return Doc("立案审批表", [court(F.COURT), title("立案审批表"), form, pb(), court(F.COURT), title("审判流程管理信息表", tracking=3), flow,
                         p("说明：本表由书记员随案填写，结案后订入正卷。审限自立案之次日起计算，鉴定期间依法扣除。", size=0.75)], footer=None, size=14)


def acceptance() -> Doc:
    return Doc("受理案件通知书", [court(F.COURT), title("受理案件通知书"), right(F.CASE_NO), p(f"{F.PLAINTIFF}：", indent=0), *ps(f"""
你诉{F.COMPANY}、{F.GUARANTOR}{F.CAUSE}一案的起诉状已收到。经审查，起诉符合法定受理条件，本院决定登记立案，并适用普通程序审理。现将有关事项通知如下：
一、在诉讼过程中，当事人必须依法行使诉讼权利，有权行使《中华人民共和国民事诉讼法》第五十二条、第五十三条、第五十四条等规定的诉讼权利，同时也必须遵守诉讼秩序，履行诉讼义务。
二、应当在收到本通知书次日起七日内，向本院预交案件受理费{yuan(F.COURT_FEE)}。逾期不预交的，按自动撤回起诉处理。
三、如需委托代理人代为诉讼，应当向本院提交由委托人签名或者盖章的授权委托书。授权委托书应当载明委托事项和权限。
四、应当在举证期限内完成举证，举证的具体要求见举证通知书。
五、根据《最高人民法院关于人民法院在互联网公布裁判文书的规定》，本院作出的生效裁判文书将依法公布。如认为案件涉及个人隐私或者商业秘密，应当在判决作出前书面申请并说明理由。
六、本案由民事审判第二庭审理，合议庭由审判员{F.PRESIDING}担任审判长，与审判员{F.JUDGE}、人民陪审员{F.ASSESSOR}组成，承办法官{F.JUDGE}，法官助理{F.ASSISTANT}，书记员{F.CLERK}，联系电话{F.TEL_COURT}。
七、确认送达地址后，地址变更未及时告知的，诉讼文书按照原地址邮寄即视为送达。
特此通知。"""), *signed("2023-03-06")])


def fee() -> Doc:
    return Doc("诉讼费缴纳凭证", [title("北京市非税收入一般缴款书（收据）", size=20, tracking=1), center("票据号码：00001990312　　执收单位：" + F.COURT, size=0.75), table("30mm,1fr,30mm,1fr", [
        ["缴款人", F.PLAINTIFF, "缴款日期", "2023年3月6日"], ["案号", F.CASE_NO, "案由", F.CAUSE], ["收款人", F.COURT + "诉讼费专户", "开户行", F.BANK],
        ["收入项目", "案件受理费", "金额", yuan(F.COURT_FEE)], ["收入项目", "保全申请费", "金额", yuan(F.FREEZE_FEE)], ["合计", ("人民币" + upper(F.COURT_FEE + F.FREEZE_FEE), 3)],
        ["备注", ("本收据第二联交缴款人，第三联附卷。", 3)]], size=12, inset=10, head=False, bold_first=True), p("经办：卢见山　　复核：常念初", size=0.8), gap(16), right("2023年3月6日", 12), seal(F.COURT, "诉讼费专用章", size=38, dx=-12, dy=-27)], footer=None)


def respond() -> Doc:
    def receipt(who: str, how: str, day: str, sign: str) -> Block:
        docs = "起诉状副本、应诉通知书、举证通知书、证据材料、传票、合议庭组成人员通知书"
        return table("34mm,1fr", [["案号", F.CASE_NO], ["受送达人", who], ["送达地址", F.ADDR_C if "公司" in who else F.ADDR_G], ["送达文书名称及件数", docs + "各一份"],
                                  ["送达方式", how], ["受送达人签名或者盖章", f"{sign}　　{day}"], ["代收人及理由", "无"], ["送达人", f"{F.CLERK}、{F.ASSISTANT}"], ["备考", "受送达人已确认送达地址，同意电子送达。"]], size=13, inset=10, head=False, align="(std.center, std.left)")
    notice = lambda who: [court(F.COURT), title("应诉通知书"), right(F.CASE_NO), p(who + "：", indent=0), *ps(f"""
本院已经受理{F.PLAINTIFF}诉你方{F.CAUSE}一案，现随文发送起诉状副本一份，并将有关应诉事项通知如下：
一、应当在收到起诉状副本之日起十五日内向本院提交答辩状，并按对方当事人的人数提出副本。不提出答辩状的，不影响本案的审理。
二、应当在收到本通知书之日起三十日内提交证据，逾期提交且无正当理由的，承担相应的法律后果。
三、法人参加诉讼的，应当提交营业执照副本复印件、法定代表人身份证明书；自然人参加诉讼的，应当提交身份证明。
四、需要委托代理人的，应当提交授权委托书。联系人{F.CLERK}，电话{F.TEL_COURT}，地址{F.ADDR_COURT}。"""), *signed("2023-03-13")]
    return Doc("应诉通知书及送达回证", [*notice(F.COMPANY), pb(), *notice(F.GUARANTOR), pb(), court(F.COURT), title("送达回证"), receipt(F.COMPANY, "直接送达", "2023年3月15日", f"{F.COMPANY}（收发章）"), pb(),
                              court(F.COURT), title("送达回证"), receipt(F.GUARANTOR, "邮寄送达（邮件号EV000019900CN）", "2023年3月17日", F.GUARANTOR)], footer=None, date="2023-03-13")


def identity() -> Doc:
    def power(who: str, lawyer: str, firm: str, scope: str, day: str) -> list[Block]:
        return [title("授权委托书"), *ps(f"""
**委托人：**{who}
**受委托人：**{lawyer}，{firm}律师
现委托上列受委托人在{F.PLAINTIFF}诉{F.COMPANY}、{F.GUARANTOR}{F.CAUSE}一案中，作为{who}一方参加诉讼的委托诉讼代理人。
委托事项和权限如下：{scope}
委托期限自本委托书签署之日起至本案一审终结之日止。
受委托人在上述权限内所为的诉讼行为，其法律后果由委托人承担。委托人变更或者解除委托的，应当书面告知人民法院并由人民法院通知对方当事人。"""), gap(10), right(f"委托人：{who}", 16), right(date(day), 16), pb()]

    def letter(lawyer: str, firm: str, client: str, day: str, no: int) -> list[Block]:
        return [title("律师事务所函", tracking=4), right(f"（2023）函字第{no:04d}号"), p(F.COURT + "：", indent=0),
                p(f"本所接受{client}的委托，指派{lawyer}律师（执业证号00000000000{no:06d}）担任{F.CASE_NO}{F.CAUSE}一案的一审委托诉讼代理人，请贵院予以接洽。"), p("特此函告。"), gap(20), right(firm, 16), right(date(day), 16), seal(firm, size=40, dx=-20), pb()]
    special = "特别授权。代为承认、放弃、变更诉讼请求，进行和解，提起反诉或者上诉，申请保全、鉴定，签收法律文书。"
    plain = "一般授权。代为提交证据，参加庭审，发表质证意见、辩论意见，查阅、复制案卷材料，签收法律文书。"
    return Doc("当事人身份材料及授权委托书", [
        title("法定代表人身份证明书", tracking=3), p(F.COURT + "：", indent=0), p(f"{F.LEGAL_REP}，男，1976年11月3日出生，公民身份号码{F.ID_R}，现任{F.COMPANY}执行董事兼经理，系该公司法定代表人。"), p("特此证明。"), gap(20), right(F.COMPANY, 16), right("2023年3月20日", 16), seal(F.COMPANY, size=42, dx=-18), pb(),
        title("营业执照（副本摘录）", tracking=2), table("40mm,1fr", [["名称", F.COMPANY], ["统一社会信用代码", F.CREDIT_CODE], ["类型", "有限责任公司（自然人投资或控股）"], ["住所", F.ADDR_C], ["法定代表人", F.LEGAL_REP], ["注册资本", "伍佰万元整"], ["成立日期", "2016年4月18日"],
            ["股东及出资", f"{F.LEGAL_REP}　70%　　{F.GUARANTOR}　30%"], ["经营范围", "销售木材、建筑材料；木材加工；货物进出口；仓储服务。"], ["登记机关", "北京市云岭区市场监督管理局"]], size=13, head=False, inset=10, align="(std.center, std.left)"), p("经核对，本复印件与原件一致。", size=0.9), pb(),
        *power(F.PLAINTIFF, F.LAWYER_P, F.FIRM_P, special, "2023-02-27"), *letter(F.LAWYER_P, F.FIRM_P, F.PLAINTIFF, "2023-02-28", 41),
        *power(F.COMPANY, F.LAWYER_C, F.FIRM_C, plain, "2023-03-20"), *letter(F.LAWYER_C, F.FIRM_C, F.COMPANY, "2023-03-21", 67),
        *power(F.GUARANTOR, F.LAWYER_G, F.FIRM_G, special, "2023-03-22"), *letter(F.LAWYER_G, F.FIRM_G, F.GUARANTOR, "2023-03-22", 19)[:-1]], date="2023-03-22")


def summons() -> Doc:
    def one(who: str, when: str, why: str, day: str) -> list[Block]:
        return [court(F.COURT), title("传票"), table("36mm,1fr", [["案号", F.CASE_NO], ["案由", F.CAUSE], ["被传唤人", who], ["工作单位或住址", {"沈": F.ADDR_P, "北": F.ADDR_C, "贺": F.ADDR_G}[who[0]]], ["传唤事由", why], ["应到时间", when], ["应到处所", F.ADDR_COURT + "　第七法庭"],
            ["注意事项", "一、被传唤人必须准时到达应到处所。二、本票由被传唤人携带来院报到。三、原告经传票传唤，无正当理由拒不到庭的，可以按撤诉处理；被告拒不到庭的，可以缺席判决。"]], size=14, head=False, inset=10, align="(std.center, std.left)"),
                gap(6), p(f"审判员：{F.JUDGE}　　书记员：{F.CLERK}", size=0.9), *signed(day), pb()]
    return Doc("传票及开庭公告", [*one(F.PLAINTIFF, "2023年5月18日9时00分", "开庭", "2023-05-08"), *one(F.COMPANY, "2023年5月18日9时00分", "开庭", "2023-05-08"), *one(F.GUARANTOR, "2023年9月14日9时00分", "开庭（本人须到庭接受询问）", "2023-09-01"),
                             court(F.COURT), title("公告"), *ps(f"本院定于2023年5月18日9时00分，在本院第七法庭依法公开开庭审理{F.CASE_NO}原告{F.PLAINTIFF}诉被告{F.COMPANY}、{F.GUARANTOR}{F.CAUSE}一案。\n本院定于2023年9月14日9时00分，在同一法庭继续开庭审理上述案件。\n旁听人员凭有效身份证件经安全检查进入法庭，旁听席位六十个。\n特此公告。"), *signed("2023-05-10")], date="2023-05-10")


def preservation() -> Doc:
    rows = [["序号", "财产名称", "权利人", "坐落或者账号", "查封数量、额度", "方式", "起止日期", "协助单位", "备注"]]
    for i, r in enumerate([("银行存款", F.COMPANY, f"{F.BANK} {F.ACC_C}", "冻结4,482,560元，实际控制61,208.35元", "冻结", "2023.03.14—2024.03.13", F.BANK, "轮候一位"),
                           ("不动产", F.GUARANTOR, F.ADDR_G, "一套，建筑面积118.6平方米", "查封", "2023.03.15—2026.03.14", "区不动产登记中心", "有抵押"),
                           ("库存木材", F.COMPANY, F.WAREHOUSE + "西侧一至三号货位", "约166立方米", "查封（活封）", "2023.03.20—2025.03.19", "仓库管理方", "由公司保管"),
                           ("烘干设备", F.COMPANY, F.WAREHOUSE + "东北角", "烘干窑二座", "查封（活封）", "2023.03.20—2025.03.19", "仓库管理方", "可继续使用"),
                           ("小型货车", F.COMPANY, "京X·00007", "一辆", "查封档案", "2023.03.22—2025.03.21", "车辆管理所", "未扣押"),
                           ("股权", F.GUARANTOR, F.COMPANY, "30%股权", "冻结", "2023.03.23—2026.03.22", "区市场监督管理局", "—")]):
        rows.append([str(i + 1), *r])
    return Doc("财产保全材料", [title("财产保全申请书", tracking=3), *ps(f"""
**申请人：**{F.PLAINTIFF}，住{F.ADDR_P}。
**被申请人：**{F.COMPANY}，住所地{F.ADDR_C}；{F.GUARANTOR}，住{F.ADDR_G}。
**请求事项：**查封、扣押、冻结被申请人名下价值{yuan(F.CLAIM_TOTAL)}的财产。
**事实与理由：**申请人诉被申请人{F.CAUSE}一案，被申请人{F.GUARANTOR}在收到催款函后将名下房产过户给近亲属，被申请人{F.COMPANY}的库存木材正在低价处理。如不及时采取保全措施，将使将来的判决难以执行。申请人以{F.INSURER}出具的保单保函作为担保。"""), gap(8), right(f"申请人：{F.PLAINTIFF}", 16), right("2023年3月1日", 16), pb(),
        court(F.COURT), title("民事裁定书"), right(F.CASE_NO), *ps(f"""
申请人：{F.PLAINTIFF}，男，1979年5月12日出生，汉族，住{F.ADDR_P}。
被申请人：{F.COMPANY}，住所地{F.ADDR_C}。法定代表人：{F.LEGAL_REP}，经理。
被申请人：{F.GUARANTOR}，女，1982年9月27日出生，汉族，住{F.ADDR_G}。
原告{F.PLAINTIFF}与被告{F.COMPANY}、{F.GUARANTOR}{F.CAUSE}一案，申请人于2023年3月1日向本院申请财产保全，请求对被申请人名下价值{yuan(F.CLAIM_TOTAL)}的财产采取保全措施。{F.INSURER}以保单保函为申请人提供担保。
本院经审查认为，申请人的申请符合法律规定，担保合法有效。依照《中华人民共和国民事诉讼法》第一百零三条、第一百零五条、第一百零六条规定，裁定如下：
查封、扣押、冻结被申请人{F.COMPANY}、{F.GUARANTOR}名下价值{yuan(F.CLAIM_TOTAL)}的财产。
案件申请费{yuan(F.FREEZE_FEE)}，由申请人{F.PLAINTIFF}预交。
本裁定立即开始执行。
如不服本裁定，可以自收到裁定书之日起五日内向本院申请复议一次。复议期间不停止裁定的执行。"""), gap(4), right(f"审　判　长　　{F.PRESIDING}", 10), right(f"审　判　员　　{F.JUDGE}", 10), right(f"人民陪审员　　{F.ASSESSOR}", 10), *signed("2023-03-09"), right(f"书　记　员　　{F.CLERK}", 10),
        sheet((297, 210), [title("查封、冻结财产清单", size=20, tracking=2), table("10mm,18mm,26mm,1.3fr,1.2fr,20mm,26mm,24mm,18mm", rows, size=10, inset=5), p(f"执行人员：郭远山、黎晚舟　　见证人：丁一禾　　制表日期：2023年3月24日　　案号：{F.CASE_NO}", size=0.7)])], date="2023-03-24")
