// Names for what the server and the viewer speak of in stable codes.
import { msg, str } from '@lit/localize';
import type { Category, Labels, Manifest, VolumeClass } from 'evolume';

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
