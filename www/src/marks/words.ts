// Names and sentences around marks.
import { msg, str } from '@lit/localize';
import { type LayerKind, type Mark, MARK_KINDS, type MarkColour } from 'evolume';
import { locale } from '../locale.ts';
import type { Present } from './marks.ts';
import type { Saving } from './saving.ts';

export function layerName(kind: LayerKind): string {
  switch (kind) {
    case 'private':
      return msg('仅自己');
    case 'panel':
      return msg('合议庭');
    case 'meeting':
      return msg('会议');
    case 'everybody':
      return msg('全体');
  }
}

export function colourName(colour: MarkColour): string {
  const names: Record<MarkColour, string> = {
    yellow: msg('黄色'),
    green: msg('绿色'),
    blue: msg('蓝色'),
    red: msg('红色'),
    purple: msg('紫色'),
  };
  return names[colour];
}

/** Null for a kind that only a newer version knows. */
export function kindName(kind: string): string | null {
  const known = MARK_KINDS.find(({ id }) => id === kind);
  return known ? known[locale() === 'en' ? 'en' : 'zh'] : null;
}

/** What stands for the marked thing in a list: its text, else its kind. */
export function markExcerpt({ target, kind }: Mark): string {
  return target.type === 'text' ? target.quote.replaceAll('\n', '') : (kindName(kind) ?? kind);
}

/** Where the marks are safe, and nothing that is not true. */
export function savingSentence(saving: Saving): string {
  switch (saving) {
    case 'server':
      return msg('已保存到服务器');
    case 'sending':
      return msg('正在保存到服务器');
    case 'writing':
      return msg('正在保存');
    case 'connecting':
      return msg('已保存在本机，正在连接服务器');
    case 'offline':
      return msg('离线，已保存在本机');
    case 'offline-server':
      return msg('离线，批注已全部保存到服务器');
    case 'memory':
      return msg('未能保存在本机，请勿关闭页面');
    case 'refused':
      return msg('服务器未接受本机的批注');
    case 'ended':
      return msg('登录已失效，批注保存在本机');
  }
}

/** Who else is here, and where. */
export function personPlace(person: Present): string {
  return person.page === null
    ? msg(str`${person.name}在线`)
    : msg(str`${person.name}在第${person.page}页`);
}
