// Names for what the server and the viewer speak of in stable codes.
import { msg, str } from '@lit/localize';
import type { Category, Code, Labels, Manifest, VolumeClass } from 'evolume';

export function className(volumeClass: VolumeClass): string {
  switch (volumeClass) {
    case 'main':
      return msg('正卷');
    case 'internal':
      return msg('副卷');
    case 'evidence':
      return msg('证据卷');
    case 'public':
      return msg('公开');
  }
}

export function categoryName(category: Category): string {
  const names: Record<Category, string> = {
    cover: msg('卷宗封面'),
    contents: msg('卷内目录'),
    filing: msg('立案审批'),
    complaint: msg('起诉状'),
    acceptance: msg('受理通知'),
    fees: msg('诉讼费'),
    response: msg('应诉通知'),
    answer: msg('答辩状'),
    identity: msg('身份及授权'),
    hearing: msg('庭审笔录'),
    deliberation: msg('评议笔录'),
    committee: msg('审委会记录'),
    reading_notes: msg('阅卷笔录'),
    review: msg('审理报告'),
    inquiry: msg('调查笔录'),
    preservation: msg('保全'),
    mediation: msg('调解'),
    summons: msg('传票公告'),
    pleading: msg('代理词'),
    judgment: msg('裁判文书'),
    service: msg('送达回证'),
    evidence: msg('证据'),
    note_sheet: msg('备考表'),
    back_cover: msg('卷底'),
    other: msg('其他'),
  };
  return names[category];
}

// English tells one from many.
export function materialCount(count: number): string {
  return count === 1 ? msg('1 份材料') : msg(str`${count} 份材料`);
}

export function pageCount(count: number): string {
  return count === 1 ? msg('1 页') : msg(str`${count} 页`);
}

/** What is wrong with a query is told where it is typed. */
export const QUERY_FAULTS: readonly Code[] = [
  'search.query',
  'search.pages',
  'search.date',
  'search.category',
];

/** What happened, and what to do about it. */
export type Explanation = { title: string; advice: string };

/** Explains a failure that leaves nothing to read. */
export function explain(code: Code): Explanation {
  switch (code) {
    case 'server.gone':
      return {
        title: msg('无法连接服务器'),
        advice: msg('请检查网络连接，然后重试。'),
      };
    case 'server.busy':
      return { title: msg('服务器繁忙'), advice: msg('请稍候片刻，然后重试。') };
    case 'not_found':
      return {
        title: msg('找不到此卷'),
        advice: msg('此卷不存在，或您没有阅读权限。'),
      };
    case 'local.gone':
      return {
        title: msg('请重新选择本机文件'),
        advice: msg('浏览器不保留本机文件。重新选择同一文件，将回到上次阅读的位置。'),
      };
    case 'print.range':
      return { title: msg('页码不对'), advice: msg('请写成 3-9 或 3，5，8-12，不超出本卷。') };
    case 'print.too_many':
      return { title: msg('页数太多'), advice: msg('一次最多打印 300 页，请分几次打印。') };
    case 'browser.unsupported':
      return {
        title: msg('浏览器版本过低'),
        advice: msg('阅读卷宗需要 WebAssembly。请使用 Chrome、Edge 123 或 Firefox 125 以上版本。'),
      };
    case 'viewer.panic':
      return {
        title: msg('阅读器已停止'),
        advice: msg('阅读器发生内部错误。重新载入后将回到当前页，卷宗内容不受影响。'),
      };
    case 'manifest.format':
      return {
        title: msg('卷宗格式不符'),
        advice: msg('此卷由其他版本的系统生成。请重新载入；若仍不能打开，请联系管理员。'),
      };
    case 'search.query':
      return {
        title: msg('无法搜索'),
        advice: msg('请输入文字、字母或数字，不超过 256 个字符。'),
      };
    case 'search.pages':
      return {
        title: msg('页码范围不对'),
        advice: msg('请写成 page:3 或 page:3-9。'),
      };
    case 'search.date':
      return {
        title: msg('日期范围不对'),
        advice: msg('请写成 date:2023、date:2023-05 或 date:2023-05-01..2023-06-30。'),
      };
    case 'search.category':
      return {
        title: msg('没有这个类别'),
        advice: msg('请使用卷内目录中的类别名称，例如 category:庭审笔录。'),
      };
    case 'search.unindexed':
      return {
        title: msg('没有可用的索引'),
        advice: msg('索引由其他版本的系统生成，服务器正在重建。请稍后重新打开本卷。'),
      };
    case 'search.failed':
      return {
        title: msg('搜索已停止'),
        advice: msg('搜索发生内部错误，阅读不受影响。请重试。'),
      };
    case 'ocr.missing':
      return {
        title: msg('扫描件不能搜索'),
        advice: msg('服务器上没有文字识别程序 Tesseract。请联系管理员安装。'),
      };
    case 'font.missing':
      return {
        title: msg('缺字体'),
        advice: msg(
          '文件未嵌入字体，服务器上也没有可代用的字体，部分文字显示为空白。请管理员安装后重新导入。',
        ),
      };
    case 'ocr.language':
      return {
        title: msg('扫描件不能搜索'),
        advice: msg('文字识别程序缺少语言数据。请联系管理员安装。'),
      };
    case 'ocr.failed':
      return {
        title: msg('有的扫描页未能识别'),
        advice: msg('这些页可以阅读，其中的文字不能搜索。'),
      };
    case 'office.missing':
      return {
        title: msg('无法转换办公文档'),
        advice: msg('服务器上没有 LibreOffice。请联系管理员安装，然后重新导入。'),
      };
    case 'office.damaged':
      return {
        title: msg('办公文档无法打开'),
        advice: msg('文件已损坏或有密码保护。请换一份文件，或另存为 PDF 后导入。'),
      };
    case 'office.encrypted':
      return {
        title: msg('办公文档有密码保护'),
        advice: msg('请去掉密码，或另存为 PDF 后导入。'),
      };
    case 'recording.damaged':
      return {
        title: msg('录音录像文件已损坏'),
        advice: msg('请换一份文件后重新导入。'),
      };
    case 'recording.unsupported':
      return {
        title: msg('此浏览器不能播放这种格式'),
        advice: msg('请下载原件，用其他程序播放。'),
      };
    case 'blob.corrupt':
    case 'blob.missing':
      return {
        title: msg('存储的文件已损坏'),
        advice: msg('请联系管理员从备份恢复此卷。'),
      };
    default:
      return {
        title: msg('出现错误'),
        advice: msg('请重试；若仍不能打开，请将下面的代码告知管理员。'),
      };
  }
}

/** A notice for the status line about something that leaves the rest readable. */
export function notice(code: Code, page: number | null): string {
  switch (code) {
    case 'server.gone':
      return msg('连接已中断，已载入的页仍可阅读');
    case 'server.busy':
      return msg('服务器繁忙，正在重试');
    case 'blob.corrupt':
    case 'blob.missing':
      return page ? msg(str`第${page}页的文件已损坏`) : msg('部分文件已损坏');
    case 'selection.limit':
      return msg('一次最多选取 200 页、标注 30 页');
    case 'selection.loading':
      return msg('选中的文字尚未全部载入，请稍候');
    case 'selection.clipboard':
      return msg('浏览器不允许写入剪贴板，请按 Ctrl+C 复制');
    case 'page.timeout':
      return page ? msg(str`第${page}页渲染超时，仅显示预览`) : msg('部分页渲染超时');
    default:
      return page ? msg(str`第${page}页无法显示`) : msg('部分内容无法显示');
  }
}

/** The badge beside it already names a volume that is called like its class. */
export function volumeTitle(manifest: Manifest): string {
  const own = manifest.title === className(manifest.class) ? '' : manifest.title;
  return [manifest.case_title, own].filter(Boolean).join(' · ');
}

/** What the viewer reads out. */
export function viewerLabels(): Labels {
  return {
    document: msg('卷宗页面'),
    scrollbar: msg('滚动位置'),
    page: (page) => msg(str`第${page}页`),
  };
}
