// A volume of 40,000 pages, made of the sample's by repeating its materials: it opens like a small one, by an excerpt
// of its manifest, and the rest follows.
import type { Page, Route } from '@playwright/test';
import { Reader } from '../support/reader.ts';
import { cases, removeFolder, repeatVolume, Server } from '../support/server.ts';
import { expect, MAIN, test } from '../support/test.ts';

const PAGES = 40_000;
const MIDDLE = 20_000;
/** How often either is opened, by turns. */
const ROUNDS = 5;
/** Megabytes of JavaScript memory more. */
const MORE = 120;

let own: Server;
/** Of the sample's main volume, and of the one of 40,000 pages. */
let [few, many] = ['', ''];

test.beforeAll(async () => {
  own = await Server.startOnCopy(process.env.EVOLUME_E2E_DATA ?? '');
  const volumes = (await cases(own.url)).flatMap(({ volumes }) => volumes);
  few = volumes.find(({ title }) => title === MAIN)?.id ?? '';
  many = repeatVolume(own.data, few, PAGES);
});

test.afterAll(async () => {
  await own.stop();
  removeFolder(own.data);
});

function address(volume: string, page: number): string {
  return `${own.url}/#/v/${volume}?page=${page}&zoom=100`;
}

/** Holds the answers to such requests until they are let go. */
async function hold(
  page: Page,
  pattern: string,
): Promise<{ asked: () => number; letGo: () => void }> {
  let asked = 0;
  let letGo = (): void => undefined;
  const free = new Promise<void>((done) => (letGo = done));
  await page.route(pattern, async (route) => {
    asked += 1;
    await free;
    await route.continue();
  });
  return { asked: () => asked, letGo };
}

/** What is on the canvas, as SHA-256. */
function look(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const sum = await crypto.subtle.digest('SHA-256', window.canvasPixels().data);
    return [...new Uint8Array(sum)].join();
  });
}

type Measured = { readable: number; sharp: number; whole: number; megabytes: number };

function medians(all: Measured[]): Measured {
  const of = (key: keyof Measured): number =>
    all.map((one) => one[key]).toSorted((one, other) => one - other)[all.length >> 1] ?? NaN;
  return {
    readable: of('readable'),
    sharp: of('sharp'),
    whole: of('whole'),
    megabytes: of('megabytes'),
  };
}

/** Milliseconds from the navigation to the first readable and the first sharp page and the asking for the rest. */
function measure(page: Page): Promise<Measured> {
  return page.evaluate(() => {
    const mark = (name: string): number => performance.getEntriesByName(name)[0]?.startTime ?? NaN;
    const all = performance.getEntriesByType('resource');
    const { memory } = performance as unknown as { memory?: { usedJSHeapSize: number } };
    return {
      readable: mark('evolume:readable'),
      sharp: mark('evolume:sharp'),
      whole: all.find(({ name }) => name.includes('/manifests/'))?.startTime ?? NaN,
      megabytes: (memory?.usedJSHeapSize ?? 0) / (1 << 20),
    };
  });
}

test('40,000 pages open like few, and each can be reached', async ({ page, browser, uncaught }) => {
  test.setTimeout(180_000);
  const measured = new Map<string, Measured[]>([
    [few, []],
    [many, []],
  ]);
  // The first round warms the server up, and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [volume, all] of measured) {
      const context = await browser.newContext({ locale: 'zh-CN' });
      const other = await context.newPage();
      other.on('pageerror', (error) => uncaught.push(error.message));
      await other.goto(address(volume, 1));
      await new Reader(other).sharp({ page: 1 });
      await expect(other.locator('ev-catalogue [role=treeitem]').first()).toBeVisible();
      if (round > 0) all.push(await measure(other));
      await context.close();
    }
  }
  const [small, large] = [...measured.values()].map(medians) as [Measured, Measured];
  console.log(
    `${PAGES} pages, medians of ${ROUNDS}: readable ${large.readable.toFixed(0)} ms after the navigation ` +
      `(few pages: ${small.readable.toFixed(0)}), sharp ${large.sharp.toFixed(0)} ` +
      `(${small.sharp.toFixed(0)}), JavaScript ${large.megabytes.toFixed(0)} MB ` +
      `(${small.megabytes.toFixed(0)})`,
  );
  expect(large.whole, 'the first page does not wait for the rest').toBeGreaterThanOrEqual(
    large.readable,
  );
  expect(large.megabytes - small.megabytes).toBeLessThan(MORE);

  await page.goto(address(many, 1));
  const reader = new Reader(page);
  await reader.sharp({ page: 1, pages: PAGES });
  for (const wanted of [PAGES, MIDDLE, PAGES - 1, 2]) {
    await reader.goTo(wanted);
    await reader.sharp({ page: wanted });
    expect(await reader.ink()).toBeGreaterThan(0.0005);
  }
  await reader.press('End');
  await reader.sharp({ scroll: 1 });
  await page.getByRole('button', { name: '缩略图' }).click();
  const option = page.locator('ev-thumbnails [role=option][aria-current=page]');
  await expect(option).toBeVisible();
  await expect(option).toHaveAttribute('aria-setsize', PAGES.toString());
  expect(await page.locator('ev-thumbnails [role=option]').count()).toBeLessThan(100);
});

test('before the rest is there one reads, and what is asked for meanwhile follows', async ({
  page,
}) => {
  const rest = await hold(page, '**/manifests/*');
  await page.goto(address(many, MIDDLE));
  const reader = new Reader(page);
  await reader.sharp({ page: MIDDLE, pages: PAGES });
  const place = await reader.status();
  const seen = await look(page);
  await expect(page.locator('ev-catalogue [role=treeitem]')).toHaveCount(0);

  // Far away nothing is known yet: that is no failure, and what one was looking at is still there.
  await reader.press('Home');
  await reader.until({ page: 1, readable: false });
  await expect(reader.problem).toHaveCount(0);
  await expect(page.locator('.panel [role=status]')).toHaveText('正在载入全卷');
  await reader.goTo(MIDDLE);
  await reader.sharp({ page: MIDDLE });

  await page.keyboard.press('Control+f');
  await page.locator('ev-search input[type=search]').fill('贺兰汀');
  rest.letGo();
  await expect(page.locator('ev-search [role=option]').first()).toBeVisible();
  await expect(page.locator('ev-search').getByText('更新结果')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page).toHaveTitle(/正卷|页/);

  // What was there has not moved by a pixel.
  await page.goto(address(many, MIDDLE));
  await reader.sharp({ page: MIDDLE });
  expect((await reader.status()).offset).toBe(place.offset);
  await expect.poll(() => look(page)).toBe(seen);
});

test('who leaves before the first page is there gets the rest all the same', async ({ page }) => {
  const pages = [await hold(page, '**/preview'), await hold(page, '**/blobs/*')];
  await page.goto(address(many, MIDDLE));
  const reader = new Reader(page);
  await reader.until({ page: MIDDLE, readable: false });
  const whole = page.waitForResponse('**/manifests/*');
  await reader.press('Home');
  await whole;
  for (const { letGo } of pages) letGo();
  await reader.sharp({ page: 1, pages: PAGES });
});

test('the rest does not wait for pixels that do not come', async ({ page }) => {
  const blobs = await hold(page, '**/blobs/*');
  await page.goto(address(many, MIDDLE));
  const reader = new Reader(page);
  await reader.until({ page: MIDDLE, readable: true, sharp: false });
  await expect(page.locator('ev-catalogue [role=treeitem]').first()).toBeVisible();
  await expect(page.locator('ev-catalogue [aria-current=page]')).toBeInViewport();
  await reader.until({ sharp: false });
  blobs.letGo();
  await reader.sharp({ page: MIDDLE });
});

test('a rest that does not come is told and asked for again', async ({ page }) => {
  let broken = 2;
  await page.route('**/manifests/*', async (route: Route) => {
    if (broken === 0) return route.continue();
    broken -= 1;
    await route.abort();
  });
  await page.goto(address(many, MIDDLE));
  const reader = new Reader(page);
  await reader.sharp({ page: MIDDLE });
  await expect(reader.problem).toContainText('server.gone');
  await expect(page.locator('ev-catalogue [role=treeitem]').first()).toBeVisible();
  await expect(reader.problem).toHaveCount(0);
  expect(broken).toBe(0);
});

test('a page that was turned is turned at once, and all others when the rest is there', async ({
  page,
}) => {
  await page.goto(address(many, MIDDLE));
  const reader = new Reader(page);
  await reader.sharp({ page: MIDDLE });
  await expect(page.locator('ev-catalogue [role=treeitem]').first()).toBeVisible();
  const turned = (): Promise<unknown> =>
    page.evaluate(() => {
      const { numbering, view } = window.evolume;
      // A turned page whose material is not known yet has no number.
      const turns = view.turns.flatMap(([page, turn]): [number, number][] => {
        const number = numbering.number(page);
        return number === null ? [] : [[number, turn]];
      });
      return turns.toSorted(([one], [other]) => one - other);
    });
  const turn = (): Promise<void> => page.evaluate(() => window.evolume.turnPage());
  await turn();
  await reader.goTo(3);
  await reader.sharp({ page: 3 });
  await turn();
  await reader.sharp();

  const rest = await hold(page, '**/manifests/*');
  await page.goto(address(many, MIDDLE));
  await page.reload();
  await reader.sharp({ page: MIDDLE });
  expect(await turned()).toEqual([[MIDDLE, 90]]);
  // Turned back, and arranged otherwise: the reader's memory must hear of both.
  for (let quarter = 0; quarter < 3; quarter++) await turn();
  expect(await turned()).toEqual([]);
  await page.evaluate(() => window.evolume.arrange('two'));
  rest.letGo();
  await expect.poll(turned).toEqual([[3, 90]]);
  await page.unrouteAll();
  await page.reload();
  await reader.sharp({ page: MIDDLE });
  await expect.poll(turned).toEqual([[3, 90]]);
  expect(await page.evaluate(() => window.evolume.view.arrangement)).toBe('two');
});
