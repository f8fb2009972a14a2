// What went wrong, in words: a sentence for every stable code, so that a new code does not compile without one.
import { msg, str } from '@lit/localize';
import type { Code } from 'evolume';

/** What happened, and what to do about it. */
export type Explanation = { title: string; advice: string };

type Sentences = Explanation & {
  /** In the status line, where the rest stays readable: of a page, or of some. */
  notice?: (page: number | null) => string;
  /** Beside the marks, where only they are troubled. */
  mark?: string;
  /** Beside a form or a list, in one sentence that says all. */
  form?: string;
};

/** What is wrong with a query is said where it is typed. */
export const QUERY_FAULTS: readonly Code[] = [
  'search.query',
  'search.pages',
  'search.date',
  'search.category',
];

/** Explains a failure that leaves nothing to read. */
export function explain(code: Code): Explanation {
  return PROBLEMS[code]();
}

/** A notice for the status line about something that leaves the rest readable. */
export function notice(code: Code, page: number | null): string {
  const own = PROBLEMS[code]().notice?.(page);
  return own ?? (page ? msg(str`第${page}页无法显示`) : msg('部分内容无法显示'));
}

/** What went wrong with marks, in one sentence. */
export function markProblem(code: Code): string {
  return PROBLEMS[code]().mark ?? msg('批注出现错误');
}

/** What went wrong with what somebody has filled in or asked for, in one sentence. */
export function formProblem(code: Code): string {
  const { form, title, advice } = PROBLEMS[code]();
  return form ?? msg(str`${title}。${advice}`);
}

const unexpected = (): Explanation => ({
  title: msg('出现错误'),
  advice: msg('请重试；若仍不能打开，请将下面的代码告知管理员。'),
});

const lost = (): Sentences => ({
  title: msg('存储的文件已损坏'),
  advice: msg('请联系管理员从备份恢复此卷。'),
  notice: (page) => (page ? msg(str`第${page}页的文件已损坏`) : msg('部分文件已损坏')),
});

const ofMarks = (mark: string): Sentences => ({ ...unexpected(), mark });

/** In the language of the moment. */
const PROBLEMS: Readonly<Record<Code, () => Sentences>> = {
  'file.empty': () => ({
    title: msg('文件是空的'),
    advice: msg('请重新保存或下载此文件，然后再打开。'),
  }),
  'file.unreadable': () => ({
    title: msg('无法读取文件'),
    advice: msg('文件可能已被移动、删除或修改。请重新选择。'),
  }),
  'file.unsupported': () => ({
    title: msg('不是 PDF 文件'),
    advice: msg('本机只能打开 PDF。其他格式请导入案件后阅读。'),
  }),
  'ofd.unsupported': unexpected,
  'file.too_large': () => ({
    title: msg('文件太大'),
    advice: msg('本机能打开的 PDF 不超过 128 MB。请导入案件后阅读。'),
  }),
  'office.missing': () => ({
    title: msg('无法转换办公文档'),
    advice: msg('服务器上没有 LibreOffice。请联系管理员安装，然后重新导入。'),
  }),
  'office.damaged': () => ({
    title: msg('办公文档无法打开'),
    advice: msg('文件已损坏或有密码保护。请换一份文件，或另存为 PDF 后导入。'),
  }),
  'office.encrypted': () => ({
    title: msg('办公文档有密码保护'),
    advice: msg('请去掉密码，或另存为 PDF 后导入。'),
  }),
  'office.password_required': () => ({
    title: msg('办公文档有密码保护'),
    advice: msg('导入时请给出密码（--password）。'),
    notice: (page) => (page ? msg(str`第${page}页的文件有密码保护`) : msg('部分文件有密码保护')),
  }),
  'office.password_wrong': () => ({
    title: msg('密码不对'),
    advice: msg('导入时请给出正确的密码（--password）。'),
    notice: (page) => (page ? msg(str`第${page}页的文件有密码保护`) : msg('部分文件有密码保护')),
  }),
  'text.encoding_unknown': () => ({
    title: msg('无法判断文字的编码'),
    advice: msg('导入时请指定编码（--encoding），例如 gb18030 或 big5。'),
    notice: (page) =>
      page ? msg(str`第${page}页的文字编码无法判断`) : msg('部分文字编码无法判断'),
  }),
  'container.damaged': () => ({
    title: msg('文件已损坏，无法解开'),
    advice: msg('请向提供者重新索取。'),
    notice: (page) => (page ? msg(str`第${page}页的文件已损坏`) : msg('部分文件已损坏')),
  }),
  'container.empty': () => ({
    title: msg('压缩包是空的'),
    advice: msg('请向提供者重新索取。'),
  }),
  'container.password_required': () => ({
    title: msg('压缩包有密码保护'),
    advice: msg('导入时请给出密码（--password）。'),
    notice: (page) => (page ? msg(str`第${page}页的文件有密码保护`) : msg('部分文件有密码保护')),
  }),
  'container.password_wrong': () => ({
    title: msg('密码不对'),
    advice: msg('导入时请给出正确的密码（--password）。'),
    notice: (page) => (page ? msg(str`第${page}页的文件有密码保护`) : msg('部分文件有密码保护')),
  }),
  'container.too_many': () => ({
    title: msg('压缩包里的文件太多'),
    advice: msg('请分成几个压缩包，或解开后导入。'),
  }),
  'container.too_large': () => ({
    title: msg('压缩包解开后太大'),
    advice: msg('请分成几个压缩包，或解开后导入。'),
  }),
  'container.too_deep': () => ({
    title: msg('压缩包层数太多'),
    advice: msg('请先解开外层，再导入里面的文件。'),
    notice: (page) => (page ? msg(str`第${page}页的压缩包层数太多`) : msg('部分压缩包层数太多')),
  }),
  'container.ratio': () => ({
    title: msg('压缩包可能是恶意的'),
    advice: msg('它解开后比自身大得多。请向提供者核实。'),
  }),
  'container.link': () => ({
    title: msg('压缩包里是链接，不是文件'),
    advice: msg('请向提供者索取文件本身。'),
  }),
  'recording.damaged': () => ({
    title: msg('录音录像文件已损坏'),
    advice: msg('请换一份文件后重新导入。'),
  }),
  'recording.unsupported': () => ({
    title: msg('此浏览器不能播放这种格式'),
    advice: msg('请下载原件，用其他程序播放。'),
  }),
  'pdf.damaged': () => ({
    title: msg('PDF 已损坏'),
    advice: msg('此文件无法打开。请向提供者重新索取。'),
  }),
  'pdf.password_required': unexpected,
  'pdf.password_wrong': unexpected,
  'image.damaged': unexpected,
  'image.too_large': unexpected,
  'picture.program_missing': () => ({
    title: msg('无法转换这种图片'),
    advice: msg('服务器上缺少转换这种图片的程序。请联系管理员安装，然后重新导入。'),
  }),
  'page.broken': unexpected,
  'page.timeout': () => ({
    ...unexpected(),
    notice: (page) => (page ? msg(str`第${page}页渲染超时，仅显示预览`) : msg('部分页渲染超时')),
  }),
  'ingest.aborted': unexpected,
  'request.malformed': unexpected,
  not_found: () => ({
    title: msg('找不到此卷'),
    advice: msg('此卷不存在，或您没有阅读权限。'),
    mark: msg('您已不能阅读此批注层'),
  }),
  method_not_allowed: unexpected,
  'range.invalid': unexpected,
  'request.too_large': unexpected,
  'server.busy': () => ({
    title: msg('服务器繁忙'),
    advice: msg('请稍候片刻，然后重试。'),
    notice: () => msg('服务器繁忙，正在重试'),
    mark: msg('服务器繁忙，正在重试'),
    form: msg('服务器繁忙，请稍后重试'),
  }),
  'server.internal': unexpected,
  'store.unreachable': () => ({
    title: msg('服务器的存储没有应答'),
    advice: msg('请稍候片刻，然后重试。'),
    notice: () => msg('服务器的存储没有应答，正在重试'),
    mark: msg('服务器的存储没有应答，正在重试'),
  }),
  'store.read_only': () => ({
    title: msg('服务器暂时不能保存'),
    advice: msg('已有内容仍可阅读。请稍后重试，或联系管理员。'),
    mark: msg('服务器暂时不能保存'),
  }),
  'store.full': () => ({
    title: msg('服务器的存储空间已满'),
    advice: msg('已有内容仍可阅读。请联系管理员腾出空间。'),
    mark: msg('服务器的存储空间已满'),
  }),
  'blob.corrupt': lost,
  'blob.missing': lost,
  'manifest.format': () => ({
    title: msg('卷宗格式不符'),
    advice: msg('此卷由其他版本的系统生成。请重新载入；若仍不能打开，请联系管理员。'),
    notice: () => msg('卷宗的更新无法载入，现有内容仍可阅读'),
  }),
  'server.gone': () => ({
    title: msg('无法连接服务器'),
    advice: msg('请检查网络连接，然后重试。'),
    notice: () => msg('连接已中断，已载入的页仍可阅读'),
    mark: msg('无法连接服务器'),
    form: msg('无法连接服务器，请检查网络后重试'),
  }),
  'browser.unsupported': () => ({
    title: msg('浏览器版本过低'),
    advice: msg('阅读卷宗需要 WebAssembly。请使用 Chrome、Edge 123 或 Firefox 125 以上版本。'),
  }),
  'render.failed': unexpected,
  'identity.required': () => ({
    title: msg('请登录'),
    advice: msg('您尚未登录，或登录已失效。'),
    mark: msg('登录已失效；新的批注保存在本机，登录后发送'),
  }),
  'identity.unavailable': () => ofMarks(msg('此服务器不提供临时身份')),
  'identity.name': () => ({
    ...ofMarks(msg('请填写 1 至 40 个字的姓名')),
    form: msg('请填写 1 至 40 个字的姓名'),
  }),
  'identity.wrong': () => ({
    title: msg('登录名或密码不正确'),
    form: msg('登录名或密码不正确，或账户已停用。忘记密码请向管理员索取一次性验证码。'),
    advice: msg('请检查大小写后重试；忘记密码请向管理员索取一次性验证码。'),
  }),
  'identity.locked': () => ({
    title: msg('尝试次数过多'),
    advice: msg('请稍候再试。'),
  }),
  'identity.insecure': () => ({
    title: msg('此连接不安全，不能登录'),
    advice: msg('他人可能读到密码。请使用 https 地址，或联系管理员启用 TLS。'),
  }),
  'identity.code': () => ({
    title: msg('验证码不正确或已失效'),
    advice: msg('验证码只能使用一次，三天内有效。请向管理员索取新的验证码。'),
  }),
  'password.length': () => ({
    title: msg('密码长度不符'),
    advice: msg('密码须为 8 至 128 个字符，可以是一句话。'),
  }),
  'password.common': () => ({
    title: msg('密码太容易被猜到'),
    advice: msg('请换一个不常见、且不含登录名和姓名的密码，例如一句自己的话。'),
  }),
  'login.invalid': () => ({
    title: msg('登录名不可用'),
    advice: msg('登录名须为 1 至 64 个字符，且不含空格。'),
  }),
  'login.taken': () => ({
    title: msg('登录名已被使用'),
    advice: msg('请换一个登录名。'),
  }),
  'user.unknown': () => ({
    title: msg('没有这个用户'),
    advice: msg('请检查登录名，或请管理员先建立账号。'),
  }),
  'origin.foreign': () => ofMarks(msg('其他网站的页面不能使用批注')),
  'mark.forged': () => ofMarks(msg('批注的作者与当前身份不符')),
  'mark.foreign': () => ofMarks(msg('这是他人的批注，不能更改')),
  'mark.invalid': () => ofMarks(msg('批注内容超出限制')),
  'mark.newer': () => ofMarks(msg('此批注由更新的版本所作，不能在此更改')),
  'layer.malformed': () => ofMarks(msg('批注数据无法读取')),
  'layer.read_only': () => ofMarks(msg('您在此批注层只能阅读')),
  'layer.full': () => ofMarks(msg('此批注层已满')),
  'layer.replica': () => ofMarks(msg('批注数据与他人的混在一起')),
  'layer.not_saved': () => ofMarks(msg('服务器未能保存批注，正在重试')),
  'room.message_too_large': () => ofMarks(msg('一次发送的批注过多')),
  'room.too_fast': () => ofMarks(msg('服务器繁忙，正在重试')),
  'room.full': () => ofMarks(msg('服务器繁忙，正在重试')),
  'room.slow': () => ofMarks(msg('服务器繁忙，正在重试')),
  'storage.unavailable': () => ofMarks(msg('浏览器不允许在本机保存；批注只保存在服务器')),
  'selection.limit': () => ({
    ...unexpected(),
    notice: () => msg('一次最多选取 200 页、标注 30 页'),
  }),
  'selection.loading': () => ({
    ...unexpected(),
    notice: () => msg('选中的文字尚未全部载入，请稍候'),
  }),
  'selection.clipboard': () => ({
    ...unexpected(),
    notice: () => msg('浏览器不允许写入剪贴板，请按 Ctrl+C 复制'),
  }),
  'search.query': () => ({
    title: msg('无法搜索'),
    advice: msg('请输入文字、字母或数字，不超过 256 个字符。'),
  }),
  'search.pages': () => ({
    title: msg('页码范围不对'),
    advice: msg('请写成 page:3 或 page:3-9。'),
  }),
  'search.date': () => ({
    title: msg('日期范围不对'),
    advice: msg('请写成 date:2023、date:2023-05 或 date:2023-05-01..2023-06-30。'),
  }),
  'search.category': () => ({
    title: msg('没有这个类别'),
    advice: msg('请使用卷内目录中的类别名称，例如 category:庭审笔录。'),
  }),
  'search.unindexed': () => ({
    title: msg('没有可用的索引'),
    advice: msg('索引由其他版本的系统生成，服务器正在重建。请稍后重新打开本卷。'),
  }),
  'search.failed': () => ({
    title: msg('搜索已停止'),
    advice: msg('搜索发生内部错误，阅读不受影响。请重试。'),
  }),
  'ocr.missing': () => ({
    title: msg('扫描件不能搜索'),
    advice: msg('服务器上没有文字识别程序 Tesseract。请联系管理员安装。'),
  }),
  'font.missing': () => ({
    title: msg('缺字体'),
    advice: msg(
      '文件未嵌入字体，服务器上也没有可代用的字体，部分文字显示为空白。请管理员安装后重新导入。',
    ),
  }),
  'ocr.language': () => ({
    title: msg('扫描件不能搜索'),
    advice: msg('文字识别程序缺少语言数据。请联系管理员安装。'),
  }),
  'ocr.failed': () => ({
    title: msg('有的扫描页未能识别'),
    advice: msg('这些页可以阅读，其中的文字不能搜索。'),
  }),
  'local.gone': () => ({
    title: msg('请重新选择本机文件'),
    advice: msg('浏览器不保留本机文件。重新选择同一文件，将回到上次阅读的位置。'),
  }),
  'print.range': () => ({
    title: msg('页码不对'),
    advice: msg('请写成 3-9 或 3，5，8-12，不超出本卷。'),
  }),
  'print.too_many': () => ({
    title: msg('页数太多'),
    advice: msg('一次最多打印 300 页，请分几次打印。'),
  }),
  'viewer.panic': () => ({
    title: msg('阅读器已停止'),
    advice: msg('阅读器发生内部错误。重新载入后将回到当前页，卷宗内容不受影响。'),
  }),
};
