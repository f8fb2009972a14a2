// Accounts, as administrators see and change them.
import {
  requestJson,
  type UserChange,
  type UserCode,
  type UserRequest,
  type UserSummary,
} from 'evolume';

const USERS = '/api/v1/users';

const one = ({ id }: UserSummary): string => `${USERS}/${encodeURIComponent(id)}`;

export function loadUsers(): Promise<UserSummary[]> {
  return requestJson(USERS);
}

/** The account comes with the code by which its owner chooses a password; it is told once. */
export function addUser(request: UserRequest): Promise<UserCode> {
  return requestJson(USERS, undefined, { method: 'POST', body: request });
}

export function changeUser(user: UserSummary, change: UserChange): Promise<UserSummary> {
  return requestJson(one(user), undefined, { method: 'PATCH', body: change });
}

/** A code by which somebody chooses another password. Theirs is no good from now on. */
export function makeCode(user: UserSummary): Promise<UserCode> {
  return requestJson(`${one(user)}/code`, undefined, { method: 'POST' });
}

/** Users in whose name or login every word of the query occurs. */
export function filterUsers(users: readonly UserSummary[], query: string): UserSummary[] {
  const plain = (text: string): string => text.normalize('NFKC').toLowerCase();
  const words = plain(query).split(/\s+/).filter(Boolean);
  return users.filter(({ name, login }) => {
    const text = plain(`${name} ${login}`);
    return words.every((word) => text.includes(word));
  });
}
