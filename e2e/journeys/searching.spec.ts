// Search: from a typed name to its places on the pages, without the query leaving the browser.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page, Request } from '@playwright/test';
import { Reader } from '../support/reader.ts';
import {
  corpus,
  ingestFile,
  readScans,
  removeFolder,
  Server,
  temporaryFolder,
} from '../support/server.ts';
import { expect, MAIN, test } from '../support/test.ts';

type Counted = {
  text: string;
  per_page: { path: string; volume_page: number; count: number }[];
};
type Truth = {
  volumes: { title: string; files: { path: string; kind: string }[] }[];
  markers: { counted: Counted[] };
};

const truth = JSON.parse(readFileSync(join(corpus, 'truth.json'), 'utf8')) as Truth;

/** Pages of the main volume, or of one of its files, that have a text and the term in it, with how often. */
function expected(term: string, file = ''): Map<number, number> {
  const readable = truth.volumes
    .flatMap(({ files }) => files)
    .filter(({ kind }) => kind === 'text' || kind === 'noembed');
  const paths = new Set(readable.map(({ path }) => path));
  const counted = truth.markers.counted.find(({ text }) => text === term);
  const pages = (counted?.per_page ?? []).filter(
    ({ path }) => path.startsWith(`${MAIN}/`) && path.includes(file) && paths.has(path),
  );
  return new Map(pages.map(({ volume_page, count }) => [volume_page, count]));
}

class Search {
  readonly field: Locator;
  readonly total: Locator;
  readonly position: Locator;
  readonly hits: Locator;

  constructor(page: Page) {
    const panel = page.locator('ev-search');
    this.field = panel.getByRole('searchbox');
    this.total = panel.locator('.total');
    this.position = panel.locator('.position');
    this.hits = panel.getByRole('option');
  }

  /** Opens the panel and waits until a query has been answered. */
  static async of(page: Page, query: string): Promise<Search> {
    await page.keyboard.press('Control+f');
    const search = new Search(page);
    await search.ask(query);
    return search;
  }

  async ask(query: string): Promise<void> {
    await this.field.fill(query);
    await this.shows(expected(query));
  }

  async shows(pages: Map<number, number>): Promise<void> {
    const hits = [...pages.values()].reduce((sum, count) => sum + count, 0);
    await expect(this.total).toHaveText(`共 ${pages.size} 页 ${hits} 处`);
  }
}

/** Pixels of the canvas in the colours of hits, and of the hit that was chosen. */
function inks(page: Page): Promise<{ hits: number; current: number }> {
  return page.evaluate(() => {
    const { data } = window.canvasPixels();
    const count = { hits: 0, current: 0 };
    for (let at = 0; at < data.length; at += 4) {
      const colour = `${data[at]} ${data[at + 1]} ${data[at + 2]}`;
      if (colour === '255 236 140') count.hits += 1;
      if (colour === '255 186 92') count.current += 1;
    }
    return count;
  });
}

/** Share of ink in the box around the chosen hit: letters fill it neither little nor much. */
function inkOfCurrent(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { data, width } = window.canvasPixels();
    const spots: number[] = [];
    for (let at = 0; at < data.length; at += 4) {
      const colour = `${data[at]} ${data[at + 1]} ${data[at + 2]}`;
      if (colour === '255 186 92') spots.push(at / 4);
    }
    const columns = spots.map((spot) => spot % width);
    const rows = spots.map((spot) => Math.floor(spot / width));
    const [left, right] = [Math.min(...columns), Math.max(...columns)];
    const [top, bottom] = [Math.min(...rows), Math.max(...rows)];
    let dark = 0;
    for (let y = top; y <= bottom; y += 1) {
      for (let x = left; x <= right; x += 1)
        if ((data[(y * width + x) * 4] ?? 255) < 110) dark += 1;
    }
    return dark / ((right - left + 1) * (bottom - top + 1));
  });
}

/** What a request could tell about the reader's words. */
function told(request: Request): string {
  const headers = Object.entries(request.headers()).flat().join('\n');
  return [decodeURIComponent(request.url()), headers, request.postData() ?? ''].join('\n');
}

test('a name is typed, its third page chosen, its hits gone through', async ({ page, server }) => {
  const requests: Request[] = [];
  page.on('request', (request) => requests.push(request));
  const reader = await Reader.open(page, server, MAIN);
  expect(requests.filter((request) => request.url().includes('search'))).toEqual([]);
  const search = await Search.of(page, '沈知衡');
  const pages = [...expected('沈知衡')];
  const third = pages[2];
  if (!third) throw new Error('the sample has too few pages with this name');

  await search.hits.nth(2).click();
  await reader.sharp({ page: third[0] });
  await expect(search.hits.nth(2)).toHaveAttribute('aria-selected', 'true');
  await expect.poll(async () => (await inks(page)).current).toBeGreaterThan(100);
  const ink = await inkOfCurrent(page);
  expect(ink).toBeGreaterThan(0.05);
  expect(ink).toBeLessThan(0.6);
  if (third[1] > 1) expect((await inks(page)).hits).toBeGreaterThan(100);

  const before = pages.slice(0, 2).reduce((sum, [, count]) => sum + count, 0);
  const all = pages.reduce((sum, [, count]) => sum + count, 0);
  await expect(search.position).toHaveText(`${before + 1} / ${all}`);
  await search.field.press('Enter');
  await expect(search.position).toHaveText(`${before + 2} / ${all}`);
  await search.field.press('Shift+Enter');
  await search.field.press('Shift+Enter');
  await expect(search.position).toHaveText(`${before} / ${all}`);
  await reader.sharp({ page: pages[1]?.[0] ?? 0 });

  await search.field.press('Escape');
  await expect(page.locator('ev-reader .pages [role=document]')).toBeFocused();
  expect(requests.some((request) => request.url().includes('search_bg'))).toBe(true);
  const leaks = requests.filter((request) => /沈|知衡/.test(told(request)));
  expect(leaks.map((request) => request.url())).toEqual([]);
});

test('the browser finds what the sample is known to hold', async ({ page, server }) => {
  await Reader.open(page, server, MAIN);
  const search = await Search.of(page, '连带保证责任');
  const terms = truth.markers.counted
    .map(({ text }) => text)
    .filter((text) => expected(text).size > 0);
  expect(terms.length).toBeGreaterThan(10);
  for (const text of terms) await search.ask(text);
  // Typed with other letters, of another width.
  await search.field.fill('ｙｓｌ-ｊｋ-2021-003');
  const pages = expected('YSL-JK-2021-003');
  const hits = [...pages.values()].reduce((sum, count) => sum + count, 0);
  await expect(search.total).toHaveText(`共 ${pages.size} 页 ${hits} 处`);
});

test('what is not there, and what cannot be looked for, is told', async ({ page, server }) => {
  await Reader.open(page, server, MAIN);
  const search = await Search.of(page, '沈知衡');
  const panel = page.locator('ev-search');
  await search.field.fill('没有这个词组');
  await expect(panel.locator('.empty')).toContainText('没有找到“没有这个词组”');
  await expect(panel.getByRole('note')).toContainText(/^扫描件已识别 0\/[1-9]\d* 页/);
  await search.field.fill('，。');
  await expect(panel.locator('.empty')).toContainText('无法搜索');
  await search.field.fill('');
  await expect(panel.locator('.empty')).toContainText('输入词语');
  await expect.poll(() => inks(page)).toEqual({ hits: 0, current: 0 });
});

test('a misread name is found when mistakes are tolerated, behind what is exact', async ({
  page,
  server,
}) => {
  const reader = await Reader.open(page, server, MAIN);
  const search = await Search.of(page, '沈知衡');
  const panel = page.locator('ev-search');
  const tolerant = panel.getByRole('button', { name: '容错', exact: true });
  const heading = panel.locator('.approximate');
  await search.field.fill('沈知街');
  await expect(panel.locator('.empty')).toContainText('没有找到“沈知街”');
  await panel.getByRole('button', { name: '容错再找一次' }).click();
  await expect(tolerant).toHaveAttribute('aria-pressed', 'true');
  await expect(heading).toContainText('近似结果');
  const found = Number(/共 (\d+) 页/.exec((await search.total.textContent()) ?? '')?.[1]);
  expect(found).toBeGreaterThanOrEqual(expected('沈知衡').size);
  const first = search.hits.first();
  await expect(first).toContainText('近似');
  await expect(first.locator('mark')).toHaveText('沈知衡');
  await search.field.press('Enter');
  await expect(search.position).toHaveText(/^1 \//);
  await expect.poll(async () => (await inks(page)).current).toBeGreaterThan(100);
  await reader.sharp();

  // Exact ones need no tolerance and stand first.
  await search.field.fill('沈知衡');
  await expect(search.hits.first()).not.toContainText('近似');
  await tolerant.click();
  await search.shows(expected('沈知衡'));
  await expect(heading).toHaveCount(0);
});

test('a search is narrowed down, and widened again by its chips', async ({ page, server }) => {
  await Reader.open(page, server, MAIN);
  const search = await Search.of(page, '沈知衡');
  const filter = page.locator('ev-search-filter');
  await filter.getByRole('button', { name: '筛选' }).click();
  await filter.getByLabel('材料').selectOption({ label: '民事判决书' });
  const judgment = expected('沈知衡', '民事判决书');
  expect(judgment.size).toBeGreaterThan(2);
  await search.shows(judgment);
  const [first = 0] = judgment.keys();
  await filter.getByLabel('页码').fill('1');
  await filter.getByLabel('至页').fill(String(first));
  await filter.getByLabel('至页').press('Tab');
  await search.shows(new Map([...judgment].filter(([number]) => number <= first)));
  await filter.getByRole('button', { name: '民事判决书' }).click();
  await search.shows(new Map([...expected('沈知衡')].filter(([number]) => number <= first)));
  await filter.getByRole('button', { name: `–${first}` }).click();
  await search.shows(expected('沈知衡'));
});

test('the panel keeps what was found while another one is open', async ({ page, server }) => {
  await Reader.open(page, server, MAIN);
  const search = await Search.of(page, '沈知衡');
  const found = await search.total.textContent();
  const rail = page.getByRole('navigation', { name: '侧栏' });
  await rail.getByRole('button', { name: '卷内目录' }).click();
  await expect(search.field).toHaveCount(0);
  await rail.getByRole('button', { name: '搜索' }).click();
  await expect(search.field).toHaveValue('沈知衡');
  await expect(search.total).toHaveText(found ?? '');
});

test('a damaged index is fetched once more, then told; the search goes on without it', async ({
  page,
  server,
}) => {
  const reader = await Reader.open(page, server, MAIN);
  const manifest = await page.evaluate(() => {
    const { evolume } = window as unknown as { evolume: { manifest: { materials: Indexed[] } } };
    type Indexed = { index?: { blob: { sha256: string } } };
    return evolume.manifest.materials.map(({ index }) => index?.blob.sha256 ?? '');
  });
  const damaged = manifest[3] ?? '';
  let asked = 0;
  await page.route(`**/blobs/${damaged}`, async (route) => {
    asked += 1;
    const response = await route.fetch();
    const body = await response.body();
    body[20] = (body[20] ?? 0) ^ 1;
    await route.fulfill({ response, body });
  });
  await page.keyboard.press('Control+f');
  const panel = page.locator('ev-search');
  await panel.getByRole('searchbox').fill('原告');
  await expect(panel.locator('.missed')).toContainText('1 份材料未能搜索');
  await expect(panel.getByRole('option').first()).toBeVisible();
  expect(asked).toBe(2);
  await reader.sharp();
});

test('what is read from a scan while one reads can be searched without opening it again', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const data = temporaryFolder();
  ingestFile(data, '证据卷', join(corpus, '证据卷/12 催款函.pdf'));
  const own = await Server.start(data);
  try {
    await Reader.open(page, own.url, '证据卷');
    await page.keyboard.press('Control+f');
    const search = new Search(page);
    const panel = page.locator('ev-search');
    await search.field.fill('最后一笔借款');
    await expect(panel.locator('.empty')).toContainText('没有找到');
    await expect(panel.getByRole('note')).toContainText('扫描件已识别 0/2 页');
    // Another process reads them, as the server does where it may.
    readScans(data);
    const update = panel.getByRole('button', { name: '更新结果' });
    await expect(update).toBeVisible({ timeout: 30_000 });
    await update.click();
    await expect(search.total).toHaveText('共 1 页 1 处');
    await expect(panel.getByRole('note')).toBeHidden();
    // Its place on the page is known as well.
    await search.hits.first().click();
    await expect.poll(async () => (await inks(page)).current).toBeGreaterThan(0);
  } finally {
    await own.stop();
    removeFolder(data);
  }
});
