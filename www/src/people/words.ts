// Names for what people are, and how times are written for them.
import { msg } from '@lit/localize';
import type { Role } from 'evolume';
import { locale } from '../locale.ts';

export function roleName(role: Role): string {
  switch (role) {
    case 'presiding_judge':
      return msg('审判长');
    case 'rapporteur':
      return msg('承办法官');
    case 'panel_judge':
      return msg('合议庭成员');
    case 'assessor':
      return msg('人民陪审员');
    case 'assistant':
      return msg('法官助理');
    case 'clerk':
      return msg('书记员');
    case 'committee':
      return msg('审判委员会委员');
    case 'supervisor':
      return msg('案件评查人员');
    case 'archivist':
      return msg('档案管理人员');
    case 'other_court':
      return msg('调阅法官');
    case 'prosecutor':
      return msg('检察官');
    case 'lawyer':
      return msg('律师');
    case 'party':
      return msg('当事人');
    case 'public':
      return msg('公众');
    case 'administrator':
      return msg('系统管理员');
    case 'local':
      return msg('本机用户');
  }
}

/** Several roles in one line. */
export function roleNames(roles: readonly Role[]): string {
  return roles.map(roleName).join(locale() === 'en' ? ', ' : '、');
}

/** What a case gives to its members, in the order of the file's cover. */
export const MEMBER_ROLES = [
  'presiding_judge',
  'rapporteur',
  'panel_judge',
  'assessor',
  'assistant',
  'clerk',
  'committee',
  'prosecutor',
  'lawyer',
  'party',
  'supervisor',
  'archivist',
  'other_court',
] as const satisfies readonly Role[];

/** Whoever has such a role has it for one of the parties. */
export function ofParty(role: Role): boolean {
  return role === 'lawyer' || role === 'party';
}

/** 2026年11月23日. */
export function day(time: number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(time);
}

/** 2026年11月23日 14:05. */
export function moment(time: number): string {
  const style = { dateStyle: 'long', timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat(locale(), style).format(time);
}

/** 14:05:09, as a clock on the wall has it. */
export function hour(time: number): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: 'medium', hour12: false }).format(time);
}
