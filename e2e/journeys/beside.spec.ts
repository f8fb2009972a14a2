// Two places beside each other, and two windows of one reader.
import type { BrowserContext, Page } from '@playwright/test';
import type { Status } from '../../pkg/src/generated/index.ts';
import { Desk } from '../support/desk.ts';
import { installHelpers, Reader } from '../support/reader.ts';
import { expect, MAIN, test } from '../support/test.ts';

type Pane = HTMLElement & { status: Status | null };

/** What the second place says. */
function side(page: Page): Promise<Status | null> {
  return page.evaluate(() => {
    const reader = document.querySelector('ev-app')?.shadowRoot?.querySelector('ev-reader');
    return reader?.shadowRoot?.querySelector<Pane>('ev-side-pane')?.status ?? null;
  });
}

async function sideAt(page: Page, wanted: number): Promise<void> {
  await expect.poll(async () => (await side(page))?.page).toBe(wanted);
  await expect.poll(async () => (await side(page))?.sharp).toBe(true);
}

test('two places side by side, free and locked; the address keeps them', async ({
  page,
  server,
}) => {
  await page.setViewportSize({ width: 1600, height: 900 });
  const reader = await Reader.open(page, server, MAIN);
  await reader.goTo(5);
  await reader.sharp({ page: 5 });
  await page.getByRole('button', { name: '左右并排' }).click();
  const pane = page.locator('ev-side-pane');
  await sideAt(page, 5);
  await pane.locator('ev-page-box input').fill('20');
  await pane.locator('ev-page-box input').press('Enter');
  await sideAt(page, 20);
  await reader.sharp({ page: 5 });
  await expect.poll(() => page.url()).toMatch(/page=5&.*side=20,/);

  // Free: the left one alone.
  await page.locator('ev-reader .pages canvas').first().hover();
  await page.mouse.wheel(0, 2000);
  await expect.poll(async () => (await reader.status()).page).toBeGreaterThan(5);
  await sideAt(page, 20);
  await reader.goTo(5);
  await reader.sharp({ page: 5 });
  await pane.getByRole('button', { name: '两侧同步滚动' }).click();
  await page.locator('main.pages canvas').hover();
  for (let turn = 0; turn < 6; turn++) await page.mouse.wheel(0, 600);
  await expect
    .poll(async () => (await reader.status()).page, { message: 'the left one moves' })
    .toBeGreaterThan(6);
  await expect
    .poll(async () => {
      const [left, right] = [await reader.status(), await side(page)];
      return Math.abs((right?.page ?? 0) + (right?.offset ?? 0) - left.page - left.offset - 15);
    })
    .toBeLessThan(0.3);

  const right = (await side(page))?.page ?? 0;
  await expect.poll(() => page.url()).toContain(`side=${right},`);
  await page.reload();
  await reader.sharp();
  await sideAt(page, right);
  await pane.getByRole('button', { name: '关闭右侧' }).click();
  await expect(pane).toHaveCount(0);
  await reader.sharp();
  await expect.poll(() => page.url()).not.toContain('side=');
});

/** Opens a panel, unless it is open: windows remember the last one. */
async function show(page: Page, panel: string): Promise<void> {
  const button = page.getByRole('button', { name: panel, exact: true });
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
}

/** A second window of the same reader, opened as the reader does it. */
async function second(context: BrowserContext, page: Page, how = '在另一屏打开'): Promise<Reader> {
  await installHelpers(context);
  const opened = context.waitForEvent('page');
  await page.getByRole('button', { name: how, exact: true }).click();
  const other = await opened;
  await other.setViewportSize({ width: 1280, height: 900 });
  const reader = new Reader(other);
  await reader.sharp();
  await expect(page.getByRole('button', { name: '送到另一屏' })).toBeVisible();
  if (how === '在另一屏打开') {
    await expect(other.getByRole('button', { name: '送到另一屏' })).toBeVisible();
  }
  return reader;
}

test('two windows share the marks, the selection and the search', async ({ browser, server }) => {
  const desk = await Desk.open(browser, server, '双屏甲', 5);
  const { page, context } = desk;
  const other = await second(context, page);
  await other.sharp({ page: 5 });

  // What is selected in one is painted in the other, and gives way to what is selected there.
  const quote = await desk.selectLine();
  const blue = (): Promise<number> =>
    other.page.evaluate(() => {
      const { data } = window.canvasPixels();
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] === 181 && data[i + 1] === 213 && data[i + 2] === 255) count += 1;
      }
      return count;
    });
  await expect.poll(blue).toBeGreaterThan(100);
  expect(quote.length).toBeGreaterThan(0);

  await desk.mark('仅自己');
  await expect(other.page.locator('ev-status-line .saving')).toHaveText('已保存到服务器');
  await show(other.page, '批注');
  await expect(other.page.locator('ev-mark-card')).toHaveCount(1);
  await expect.poll(blue).toBe(0);

  // One search.
  await page.keyboard.press('Control+f');
  await page.getByRole('searchbox').fill('原告');
  await expect(page.locator('ev-search .total')).toContainText('处');
  await show(other.page, '搜索');
  await expect(other.page.getByRole('searchbox')).toHaveValue('原告');
  await expect(other.page.locator('ev-search .total')).toContainText('处');

  // Closing one loses nothing.
  await page.close();
  await expect(other.page.getByRole('button', { name: '送到另一屏' })).toHaveCount(0);
  await show(other.page, '批注');
  await expect(other.page.locator('ev-mark-card')).toHaveCount(1);
  await other.goTo(8);
  await other.sharp({ page: 8 });
  await desk.close();
});

test('a place is sent to the other window, and back leads to where that one was', async ({
  page,
  context,
  server,
}) => {
  const reader = await Reader.open(page, server, MAIN);
  const other = await second(context, page);
  await other.goTo(12);
  await other.sharp({ page: 12 });
  await reader.goTo(30);
  await reader.sharp({ page: 30 });
  await page.getByRole('button', { name: '送到另一屏' }).click();
  await other.sharp({ page: 30 });
  await other.page.getByRole('button', { name: '返回上一处' }).click();
  await other.sharp({ page: 12 });
  await reader.sharp({ page: 30 });
});

test('the lists stand alone on the other screen, and what is chosen in them shows here', async ({
  page,
  context,
  server,
}) => {
  const reader = await Reader.open(page, server, MAIN);
  await reader.goTo(4);
  await reader.sharp({ page: 4 });
  const other = await second(context, page, '在另一屏打开目录');
  const lists = other.page;
  await expect(lists.getByRole('tree', { name: '卷内目录' })).toBeVisible();
  await expect(lists.locator('main.pages')).toBeHidden();
  // Coming has moved nothing.
  expect((await reader.status()).page).toBe(4);

  await lists.getByRole('treeitem', { name: '民事判决书' }).first().click();
  const chosen = (await other.status()).page;
  expect(chosen).toBeGreaterThan(10);
  await reader.sharp({ page: chosen });

  // A hit, too, and it is painted there, as the search is one.
  await show(lists, '搜索');
  await lists.getByRole('searchbox').fill('原告');
  await expect(lists.locator('ev-search .total')).toContainText('处');
  await lists.locator('ev-search').getByRole('option').nth(1).click();
  await expect.poll(async () => (await reader.status()).page).not.toBe(chosen);
  await expect
    .poll(async () => (await reader.status()).page === (await other.status()).page)
    .toBe(true);

  // What is sent into the lists is not told back: the next choice is one step of the history, not two.
  await reader.goTo(9);
  await reader.sharp({ page: 9 });
  await page.getByRole('button', { name: '送到另一屏' }).click();
  await expect.poll(async () => (await other.status()).page).toBe(9);
  const steps = await page.evaluate(() => history.length);
  await show(lists, '卷内目录');
  await lists.getByRole('treeitem', { name: '民事判决书' }).first().click();
  await reader.sharp({ page: chosen });
  expect(await page.evaluate(() => history.length)).toBe(steps + 1);

  // A reload leaves it as it is.
  await lists.reload();
  await expect(lists.getByRole('tree', { name: '卷内目录' })).toBeVisible();
  await expect(lists.locator('main.pages')).toBeHidden();

  // Alone, it shows its pages: nothing is lost.
  await page.close();
  await expect(lists.locator('main.pages')).toBeVisible();
  await other.sharp();
});

test('hostile, stale and foreign words are ignored', async ({ page, context, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  const other = await second(context, page);
  await other.goTo(12);
  await other.sharp({ page: 12 });
  const volume = new URL(page.url()).hash.split('?')[0] ?? '';
  await other.page.evaluate((hash) => {
    const channel = new BroadcastChannel('evolume');
    const word = { version: 2, from: 'x', user: '', count: 10, type: 'go', hash };
    const rects = [{ x0: 0, y0: 0, x1: Number.NaN, y1: 1 }];
    const selection = { ...word, type: 'selection', volume: 'v', quote: 'q' };
    for (const data of [
      null,
      7,
      'go',
      [],
      {},
      { ...word, version: 1 },
      { ...word, from: '' },
      { ...word, user: 'somebody else' },
      { ...word, count: 'a' },
      { ...word, hash: 'javascript:alert(1)' },
      { ...word, hash: 7 },
      { ...word, type: 'find', query: 'x'.repeat(100_000) },
      { ...word, type: 'here', volume: 'v'.repeat(65) },
      { ...selection, passages: 'all' },
      { ...selection, passages: [{ material: 'm', index: 0, rects }] },
      { ...selection, passages: [{ material: 'm', index: 1e99, rects: [] }] },
      { ...selection, passages: [{ page: 1, rects: [] }] },
      { ...word, type: 'nonsense' },
      // This one is good, and what comes after it is stale.
      { ...word, hash: `${hash}?page=7` },
      { ...word, count: 9, hash: `${hash}?page=9` },
      { ...word, hash: `${hash}?page=9` },
    ]) {
      channel.postMessage(data);
    }
    channel.close();
  }, volume);
  // Both windows heard the only good one.
  await reader.sharp({ page: 7 });
  await other.sharp({ page: 7 });
});
