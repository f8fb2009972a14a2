// A search of all volumes that one may read, from the list of cases into a volume.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Reader } from '../support/reader.ts';
import { corpus } from '../support/server.ts';
import { expect, test } from '../support/test.ts';

type Truth = {
  volumes: { title: string; files: { path: string; kind: string }[] }[];
  markers: { counted: { text: string; per_page: { path: string; count: number }[] }[] };
};

const truth = JSON.parse(readFileSync(join(corpus, 'truth.json'), 'utf8')) as Truth;
const NAME = '沈知衡';

/** Pages with text, and occurrences on them, in all volumes of the sample. */
function expected(term: string): { pages: number; hits: number } {
  const files = truth.volumes.flatMap(({ files }) => files);
  const readable = files.filter(({ kind }) => kind === 'text' || kind === 'noembed');
  const paths = new Set(readable.map(({ path }) => path));
  const counted = truth.markers.counted.find(({ text }) => text === term)?.per_page ?? [];
  const pages = counted.filter(({ path }) => paths.has(path));
  return { pages: pages.length, hits: pages.reduce((sum, { count }) => sum + count, 0) };
}

test('a name is found in every volume, and leads to its page', async ({ page, server }) => {
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  await page.goto(server);
  const field = page.getByRole('searchbox');
  await field.fill(NAME);
  await field.press('Enter');
  const results = page.locator('ev-case-search');
  const { pages, hits } = expected(NAME);
  await expect(results.getByRole('status')).toHaveText(`“${NAME}”共 ${pages} 页 ${hits} 处`);
  const rows = results.getByRole('listitem');
  await expect(rows).toHaveCount(50);
  const more = results.getByRole('button', { name: '显示更多' });
  while (await more.isVisible()) {
    const before = await rows.count();
    await more.click();
    await expect.poll(() => rows.count()).toBeGreaterThan(before);
  }
  await expect(rows).toHaveCount(pages);
  expect(await results.locator('section .badge').allTextContents()).toContain('证据卷');

  const last = rows.last();
  const number = Number(/\d+/.exec((await last.locator('.page').textContent()) ?? '')?.[0]);
  await last.getByRole('link').click();
  const reader = new Reader(page);
  await reader.sharp({ page: number });
  // The same query is in the volume's own panel, with the hits painted.
  const panel = page.locator('ev-search');
  await expect(panel.getByRole('searchbox')).toHaveValue(NAME);
  await expect(panel.locator('.total')).toHaveText(/共 \d+ 页 \d+ 处/);
  // Names are in no address that anybody logs.
  expect(addresses.some((url) => decodeURIComponent(url).includes(NAME))).toBe(false);

  await page.goBack();
  await expect(rows).toHaveCount(50);
});

test('what is not found, cannot be looked for, or fails is said', async ({ page, server }) => {
  await page.goto(server);
  const field = page.getByRole('searchbox');
  const results = page.locator('ev-case-search');
  await field.fill('没有这个人名');
  await page.getByRole('button', { name: '在全部案卷中检索' }).click();
  await expect(results.getByRole('status')).toHaveText('没有找到“没有这个人名”');
  await field.fill('，。');
  await field.press('Enter');
  await expect(results.getByRole('alert')).toContainText('无法搜索');

  await page.route('**/api/v1/search', (route) => route.abort());
  await field.fill(NAME);
  await field.press('Enter');
  await expect(results.getByRole('alert')).toContainText('无法连接服务器');
  await page.unroute('**/api/v1/search');
  await results.getByRole('button', { name: '重试' }).click();
  await expect(results.getByRole('status')).toContainText('处');

  await field.fill('');
  await field.press('Enter');
  await expect(page.getByRole('link').filter({ hasText: '正卷' }).first()).toBeVisible();
});

test('tolerance is a switch, and its results are marked', async ({ page, server }) => {
  await page.goto(`${server}/#/find?q=${encodeURIComponent('贺兰订')}`);
  const results = page.locator('ev-case-search');
  await expect(results.getByRole('status')).toContainText('没有找到');
  const tolerance = results.getByRole('switch', { name: '容错' });
  await expect(tolerance).toHaveAttribute('aria-checked', 'false');
  await tolerance.click();
  await expect(tolerance).toHaveAttribute('aria-checked', 'true');
  await expect(results.getByRole('listitem').first()).toContainText('近似');
});
