"""More of the main volume: interest table, mediation, interview of the guarantor, investigation, cover pages."""
import datetime

import facts as F
from docs_filing import signed
from docs_records import ask, head
from prose import cn, date, wan, yuan
from typeset import COUNTED, LOOSE, Block, Doc, center, court, gap, h, p, pb, ps, qa, right, seal, table, title


def _next_month(d: datetime.date) -> datetime.date:
    return datetime.date(d.year + d.month // 12, d.month % 12 + 1, 8)


def interest() -> Doc:
    """Interest month by month for each payment: the kind of annexe that fills real files."""
    out: list[Block] = [title("利息计算明细表", size=22, tracking=3), p(f"制表人：{F.PLAINTIFF}　　案号：{F.CASE_NO}　　计算标准：月利率1.2%，不足一个月的按日折算（一个月按三十日计）。", size=0.75)]
    rows: list[list[str]] = []
    grand = 0
    for t in F.TRANCHES:
        start, sub = datetime.date.fromisoformat(t.date), 0
        while start < datetime.date(2023, 2, 8):
            end = _next_month(start)
            days = (end - start).days
            due = t.amount * 12 // 1000 if start.day == 8 else round(t.amount * 0.012 * days / 30)
            sub += due
            rows.append([str(t.n), f"{t.amount:,}", start.strftime("%Y.%m.%d"), (end - datetime.timedelta(days=1)).strftime("%Y.%m.%d"), str(days), f"{due:,}", f"{sub:,}"])
            start = end
        grand += sub
        rows.append(["小计", f"第{cn(t.n)}笔", "", "", "", f"{sub:,}", ""])
    rows.append(["总计", "五笔", "", "", "", f"{grand:,}", ""])
    head = ["笔次", "本金（元）", "起息日", "止息日", "天数", "应计利息（元）", "本笔累计（元）"]
    step = 24
    for i in range(0, len(rows), step):
        out += [table("14mm,26mm,24mm,24mm,14mm,1fr,1fr", [head] + rows[i:i + step], size=10.5, inset=6.2), pb()]
    out[-1] = p("说明：本表按照起诉主张的本金计算，未扣除已付款项，供合议庭核对参考。", size=0.75)
    return Doc("利息计算明细表", out + [right(f"制表人：{F.PLAINTIFF}　　2023年3月1日", 6)], date="2023-03-01", footer=COUNTED, size=15)


def mediation() -> Doc:
    A = F.ASSISTANT
    talk = [
        ("法官助理", "今天组织各方调解，调解中作出的让步不作为将来裁判的依据，各方可以放心说。先由公司提方案。"),
        (F.LEGAL_REP, "本金按354万算，木材扣掉六十一万二，余下的分三十六期，利息免除。"),
        (F.PLAINTIFF, "这个方案等于让我白借三年钱。六万块可以扣，现金的二十万一分不能少，木材最多扣前三批。"),
        ("法官助理", "原告，如果木材扣前三批，你对利息能让多少？"),
        (F.PLAINTIFF, "从2021年12月到今天的利息五十多万，我可以只要一半，前提是公司今年年底以前先还一百万。"),
        (F.LEGAL_REP, "年底以前一百万做不到，账户都冻着。先解冻一个户，让我发货收款，我才有钱还。"),
        (F.PLAINTIFF, "解冻可以商量，要有替代担保。贺兰汀那套房子过回来，做抵押。"),
        (F.LAWYER_G, "房子在她母亲名下，母亲不是案件当事人，我方没有权利处分。"),
        ("法官助理", "贺兰汀一方能不能提一个自己的方案？"),
        (F.LAWYER_G, "她愿意拿出八万元一次性了结，今后无论公司还不还，都与她无关。"),
        (F.PLAINTIFF, "八万不可能。担保是全额的，最少三十万。"),
        ("法官助理", "三十万和八万之间还有余地，请代理人打电话征求她的意见。（暂停二十分钟）"),
        (F.LAWYER_G, "联系过了，最多十二万，而且要等房子的事情结束以后分两次付。"),
        (F.LAWYER_P, "原告可以接受十八万，一个月内付清。"),
        ("法官助理", "公司一方，假如分期，逾期一期怎么办，有没有人愿意为分期提供担保？"),
        (F.LEGAL_REP, "我个人愿意签字担保。"),
        (F.LAWYER_P, "顾总名下有没有财产？"),
        (F.LEGAL_REP, "一辆车，还有贷款。房子是租的。"),
        (F.PLAINTIFF, "那签字也没有用。"),
        ("法官助理", "请双方再考虑一个中间方案：本金374万，木材抵28.64万，利息按年利率8%计算，分二十四期，第一期五十万元。"),
        (F.PLAINTIFF, "利息8%可以接受，第一期要八十万。"),
        (F.LEGAL_REP, "第一期三十万，后面每期十四万。"),
        ("法官助理", "差距仍然比较大。各方回去算一算，一周之内电话答复本院，答复不一致的，继续审理。"),
        (F.LAWYER_C, "好的，公司下周三以前回复。"), (F.LAWYER_P, "听清楚了。"), (F.LAWYER_G, "听清楚了。"),
    ]
    tail = [
        ("2023年8月23日10时20分", F.LAWYER_C, "公司研究后，首期最多四十万元，且要求先解除对基本账户的冻结。"), ("2023年8月23日15时05分", F.LAWYER_P, "原告不同意先解除冻结，可以同意首期付款到账当日解除。"),
        ("2023年8月24日9时40分", F.LAWYER_G, "贺兰汀撤回十二万元的方案，坚持不承担责任。"), ("2023年8月24日16时30分", F.PLAINTIFF, "既然保证人撤回方案，原告也不再让步，请求尽快开庭判决。")]
    return Doc("调解笔录及工作记录", [title("调解笔录"), *ps(f"""
时间：2023年8月16日14时00分至17时10分
地点：{F.COURT}调解室（二）
主持人：法官助理{A}　　记录人：{F.CLERK}
参加人：{F.PLAINTIFF}、{F.LAWYER_P}；{F.LEGAL_REP}、{F.LAWYER_C}；{F.LAWYER_G}"""), gap(2), *(qa(a, b) for a, b in talk), right("2023年8月16日", 8), pb(), title("电话工作记录", tracking=4),
        *(b for when, who, said in tail for b in (h(when), p(f"通话人：{A}与{who}。记录如下：{who}称，{said}本院告知其上述意见已经记录在卷，将转告其他各方。"))), right(f"记录人：{A}", 8)], date="2023-08-24", leading=LOOSE)


def guarantor_interview() -> Doc:
    lines = [
        ("今天通知你到院书写实验样本，同时就几个问题询问你。你的代理人今天没有来，是否愿意继续？", "愿意，律师知道这件事。"), ("你的文化程度、职业？", "大专，学的会计，现在自己做进口食品，开一家小店。"), ("你在云杉岭公司的股份是怎么来的？", "2018年公司缺钱，我投了一百五十万，占三成。"), ("分过红吗？", "2019年分过一次，十一万。"),
        ("你参与公司的经营吗？", "不参与，一个月去两三次，看看报表，签过一些会议决议。"), ("公司向沈知衡借款，你什么时候知道的？", "2021年春节以后，顾总说货压在港口，要找人借钱，问我有没有。我说没有。"), ("后来怎么知道是向沈知衡借？", "他爱人和我在一个班学书法，聊天时说起来的。"), ("你和沈知衡夫妇有没有矛盾？", "没有，出了这件事以后就不来往了。"),
        ("你习惯用什么笔签字？", "钢笔多，店里签单用圆珠笔。"), ("你签名有没有固定的写法？", "写得快的时候连着写，写得慢就断开，我没有刻意练过签名。"), ("“汀”字右边的“丁”你怎么写？", "带一个小钩，有时候钩得长。"), ("书法班学的什么字体？", "先学楷书，后来学了一点行书。"),
        ("请在这张纸上坐姿书写十遍“贺兰汀”。（书写，用时约六分钟）", "写好了。"), ("请站着，在写字台边沿再写十遍。（书写，用时约七分钟）", "写好了，站着写手抖。"), ("书写过程有没有受到干扰？", "没有。空调有点凉。"), ("另外请你写“一、二、三、四、五”各十遍。（书写）", "写好了。"),
        ("2021年3月5日你的行程，现在能不能想起来？", "上午在店里盘货，下午记不清了。"), ("你的手机有没有当天的定位、付款记录？", "换过手机，旧的卖了。"), ("第二天出境去做什么？", "去看食品展，提前半年订的票。"), ("3月5日晚上你在哪里吃饭？", "在家收拾行李。"),
        ("第五笔借款之前的饭局，你参加了吗？", "参加了，是顾总请的，五六个人。"), ("席间谈了烘干窑的事吗？", "谈了，顾总画了个草图，说上两座窑，湿料变干料一方能多卖三百。"), ("你当时什么意见？", "我说挺好，就是别铺得太大。"), ("沈知衡在场吗？", "在，他说“贺总说行我就放心了”。"), ("这句话你怎么理解？", "客气话。"),
        ("催款函你收到没有？", "公司前台给我打过电话，说有一封快递写着我的名字，我让她放着，后来一直没有拆。"), ("为什么不拆？", "我知道是催钱的。"), ("你怎么知道是催钱的？", "沈知衡前一天发了微信。"), ("母亲那套房子，购房款是谁付的？", "首付是我母亲的拆迁款，贷款是我还的，2019年还清的。"), ("为什么选在2022年9月过户？", "我母亲身体不好，催着要办，没有想那么多。"), ("还有要补充的吗？", "我没有拿过借款一分钱，希望法院考虑。")]
    return Doc("询问及取样笔录", head("询问及取样笔录", "2023年6月19日9时10分至11时25分", f"{F.COURT}诉讼服务中心取样室（全程录像）", f"被告{F.GUARANTOR}") + ask(lines) + [p("（笔录看过，和我说的一样。实验样本二十页由我本人书写。）"), right(f"{F.GUARANTOR}　　2023年6月19日", 8)], date="2023-06-19", footer=COUNTED, leading=LOOSE)


def investigation() -> Doc:
    return Doc("调查取证材料", [court(F.COURT), title("协助调查函"), right(F.CASE_NO), p("木樨东街79号院仓库管理处：", indent=0), *ps(f"""
本院正在审理{F.PLAINTIFF}诉{F.COMPANY}、{F.GUARANTOR}{F.CAUSE}一案，因案件审理需要，请你处协助提供以下材料：
一、二号库2021年1月至2022年12月的租赁合同及租金缴纳记录；
二、2022年4月至7月二号库所在院区的门卫登记本、车辆进出记录及监控录像；
三、2022年10月二号库清库的有关登记。
请于收到本函之日起五个工作日内书面答复，并加盖公章、由经办人签字。拒不协助调查的，本院将依法予以处理。
联系人：{F.ASSISTANT}，电话{F.TEL_COURT}。"""), *signed("2023-05-08"), pb(), title("回函"), p(F.COURT + "：", indent=0), *ps("""
贵院协助调查函收悉，现答复如下：
一、二号库租赁登记载明，2021年1月1日至2022年12月31日的承租人为沈知衡，租金按季缴纳，共八次，每次3.6万元，均已付清；一号库承租人亦为沈知衡，2022年3月31日退租。2023年1月1日起，二号库承租人为北京云杉岭木业有限公司。上述合同原件因办公室搬迁，暂未找到，查到后另行提供。
二、院区门卫登记本2022年度共四册，存放于地下室，2022年8月雨季进水损毁，无法辨认。车辆道闸系统仅保存九十日的进出记录。监控录像保存三十日，已自动覆盖。
三、2022年10月18日至20日，二号库办理过大宗货物出院手续，出门条共二十三张，载明“木材一车”，未载明品种和数量，签发人为沈知衡。出门条复印件附后。
经办人：计千帆。"""), gap(10), right("木樨东街79号院仓库管理处", 14), right("2023年5月12日", 14), seal("木樨东街仓库管理处", size=42, dx=-20), pb(), title("出门条登记摘录", tracking=4),
        table("12mm,40mm,20mm,32mm,1fr,22mm", [["序号", "日期", "时间", "车号", "货物记载", "签发人"], *([str(i + 1), f"2022年10月{18 + i // 8}日", f"{8 + (i % 8)}:{(i * 17) % 60:02d}", f"京X·0{1000 + i * 37 % 900:04d}", "木材一车", F.PLAINTIFF] for i in range(23))], size=11, inset=5), p(f"以上由仓库管理处提供，经核对与出门条存根一致。　　核对人：{F.ASSISTANT}", size=0.8)], date="2023-05-12", footer=None)


def cover(volume: str, note: str) -> Doc:
    form = table("36mm,1fr", [["案由", F.CAUSE], ["原告", F.PLAINTIFF], ["被告", f"{F.COMPANY}、{F.GUARANTOR}"], ["审判组织", f"审判长{F.PRESIDING}　审判员{F.JUDGE}　人民陪审员{F.ASSESSOR}"], ["书记员", F.CLERK], ["收案日期", "2023年3月6日"], ["结案日期", "2023年11月23日"], ["审理结果", "判决"], ["归档日期", "2024年1月15日"], ["保管期限", "长期"]], size=15, inset=11, head=False, align="(std.center, std.left)")
    return Doc("卷宗封面", [gap(10), court(F.COURT, 28), title("民事一审案件卷宗", size=34, tracking=6), center(volume, 1.6, True), gap(6), center(F.CASE_NO, 1.3), gap(6), form, gap(6), center(note, 0.75)], footer=None, date="2024-01-15")


def contents(rows: list[tuple[str, str, str]]) -> Doc:
    return Doc("卷内目录", [title("卷内目录", tracking=12), table("18mm,1fr,34mm,30mm", [["顺序号", "材料名称", "起止页号", "备注"], *([str(i + 1), a, b, c] for i, (a, b, c) in enumerate(rows))], size=12, inset=7, align="(std.center, std.left, std.center, std.center)"), p("封面、目录、备考表不编页号。", size=0.75)], footer=None, date="2024-01-15")


def note_sheet(pages: int) -> Doc:
    return Doc("备考表", [title("卷内备考表", tracking=8), *ps(f"""
本卷情况说明：
本卷共有文字材料{pages}页，其中图纸一页（A3幅面）。立案审批表、诉讼费缴纳凭证、应诉通知书及送达回证系由纸质材料扫描形成，其余为电子原件。
询问笔录、庭审笔录均经当事人逐页核对签名，签名页与电子文本一致。
现场勘验照片光盘一张、取样录像光盘一张，装入证物袋，存本院档案室。"""), gap(20), right(f"立卷人：{F.CLERK}", 14), right(f"检查人：{F.ASSISTANT}", 14), right("立卷时间：2024年1月15日", 14)], footer=None, date="2024-01-15")
