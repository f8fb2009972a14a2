// An administrator finds somebody among thousands by whatever they know of them.
import type { UserSummary } from 'evolume';
import { expect, test } from 'vitest';
import { filterUsers } from './users.ts';

const user = (login: string, name: string): UserSummary => ({
  id: login,
  login,
  name,
  administrator: false,
  disabled: false,
});
const users = [user('wang.li', '王丽'), user('wang.qiang', '王强'), user('ＬＩ２', 'Li Na')];
const found = (query: string): string[] => filterUsers(users, query).map(({ login }) => login);

test('by name, by login, by parts of both, in any width and case', () => {
  expect(found('')).toHaveLength(3);
  expect(found('王')).toEqual(['wang.li', 'wang.qiang']);
  expect(found('王 LI')).toEqual(['wang.li']);
  expect(found('li2')).toEqual(['ＬＩ２']);
  expect(found('赵')).toEqual([]);
});
