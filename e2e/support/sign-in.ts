// Signing in as one of the sample users, whom a server makes that was started with `--sample-users`.
import { type BrowserContext, expect } from '@playwright/test';
import type { Role } from '../../pkg/src/generated/index.ts';

/** Everything that the context opens from now on is opened as somebody of this role in every case. */
export async function signInAs(context: BrowserContext, server: string, role: Role): Promise<void> {
  const answer = await context.request.post(`${server}/api/v1/session`, {
    data: { sample: `sample-${role}` },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}
