// Who is what to a case, as those see and change it who may say so.
import { type MemberRequest, type MemberSummary, requestJson } from 'evolume';

const members = (of: string): string => `/api/v1/cases/${encodeURIComponent(of)}/members`;

export function loadMembers(of: string): Promise<MemberSummary[]> {
  return requestJson(members(of));
}

/** Answers with all members as they are then. */
export function addMember(of: string, request: MemberRequest): Promise<MemberSummary[]> {
  return requestJson(members(of), undefined, { method: 'POST', body: request });
}

export async function removeMember(of: string, { user, role }: MemberSummary): Promise<void> {
  const url = `${members(of)}/${encodeURIComponent(user)}/${role}`;
  await requestJson(url, undefined, { method: 'DELETE' });
}

/** The end of a day that was chosen as the last: the first moment of the next one, here. Undefined for no end. */
export function endOf(day: string): number | undefined {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (!date) return undefined;
  return new Date(Number(year), Number(month) - 1, Number(date) + 1).getTime();
}

/** The last day of something that ends at this moment: a moment within it. */
export function lastDay(until: number): number {
  return until - 1;
}
