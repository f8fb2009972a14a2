// The tests' fixtures: the shared server, and an eye on errors that nobody asked for.
import { test as base } from '@playwright/test';
import { installHelpers } from './reader.ts';

type Fixtures = {
  /** Address of the server that serves the sample case. */
  server: string;
  /** Its data folder; copy it before breaking anything. */
  data: string;
  /** Uncaught errors in the page; a test that expects some empties it. */
  uncaught: string[];
};

/** Title of the sample's main volume. */
export const MAIN = '正卷';

export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- the runner insists on a pattern
  server: async ({}, use) => use(process.env.EVOLUME_E2E_URL ?? ''),
  // eslint-disable-next-line no-empty-pattern -- as above
  data: async ({}, use) => use(process.env.EVOLUME_E2E_DATA ?? ''),
  uncaught: [
    async ({ page }, use) => {
      const uncaught: string[] = [];
      page.on('pageerror', (error) => uncaught.push(error.message));
      await installHelpers(page);
      await use(uncaught);
      if (uncaught.length > 0) throw new Error(`uncaught in the page: ${uncaught.join('\n')}`);
    },
    { auto: true },
  ],
});

/** Skips a test that needs a program or fonts; CI has all of them, there a missing one is a failure. */
export function needs(there: boolean, packages: string): void {
  if (!there && process.env.CI)
    throw new Error(`CI lacks what this test needs; install ${packages}`);
  test.skip(!there, `install ${packages}`);
}

export { expect } from '@playwright/test';
