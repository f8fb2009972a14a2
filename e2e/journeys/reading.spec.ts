// From the list of cases through a volume: every way of getting somewhere ends sharp.
import { Reader } from '../support/reader.ts';
import { expect, MAIN, test } from '../support/test.ts';

test('the list names the case and its volumes', async ({ page, server }) => {
  await page.goto(server);
  const list = page.locator('ev-case-list');
  await expect(list.getByRole('heading', { level: 2 }).first()).toBeVisible();
  await expect(list.getByRole('link').filter({ hasText: MAIN }).first()).toContainText('页');
});

test('a volume opens at its first page, sharp', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  const status = await reader.status();
  expect(status.page).toBe(1);
  expect(status.pages).toBeGreaterThan(10);
  expect(await reader.ink()).toBeGreaterThan(0.001);
  await expect(reader.problem).toHaveCount(0);
});

test('the last page', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  const { pages } = await reader.status();
  await reader.press('End');
  await reader.sharp({ page: pages });
  expect((await reader.status()).scroll).toBeCloseTo(1, 2);
});

test('page 150 by its number', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  await reader.goTo(150);
  await reader.sharp({ page: 150, offset: 0 });
  await expect(reader.pageBox).toHaveValue('150');
  expect(await reader.ink()).toBeGreaterThan(0.001);
});

test('a page number that does not exist is refused', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  const { pages } = await reader.status();
  await reader.goTo(pages + 1);
  await expect(page.locator('ev-page-box [role=alert]')).toContainText(pages.toString());
  expect((await reader.status()).page).toBe(1);
  await reader.pageBox.press('Escape');
  await reader.goTo(2);
  await reader.sharp({ page: 2 });
});

test('zoom from 50 to 1600 percent', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  await reader.goTo(3);
  for (const zoom of [50, 100, 400, 1600, 100]) {
    await reader.chooseZoom(new RegExp(`^\\s*${zoom}%`));
    await reader.sharp({ zoom, fit: null });
  }
  expect(Math.abs((await reader.status()).page - 3)).toBeLessThanOrEqual(1);
});

test('fitting follows the window', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  await reader.press('w');
  await reader.sharp({ fit: 'width' });
  const before = await reader.status();
  await page.setViewportSize({ width: 900, height: 700 });
  await expect.poll(async () => (await reader.status()).zoom).toBeLessThan(before.zoom);
  await reader.sharp({ fit: 'width', page: before.page });
  await reader.press('p');
  await reader.sharp({ fit: 'page' });
});

test('a reload comes back to the same place', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  await reader.chooseZoom(/^\s*200%/);
  await reader.goTo(12);
  await reader.press('ArrowDown');
  await reader.press('ArrowDown');
  await reader.sharp({ page: 12, zoom: 200 });
  await expect.poll(() => new URL(page.url()).hash).toMatch(/page=12&zoom=200&offset=0\.\d+/);
  const before = await reader.status();
  await page.reload();
  await reader.sharp({ page: 12, zoom: 200 });
  expect((await reader.status()).offset).toBeCloseTo(before.offset, 1);
});

test('back leads to the cases', async ({ page, server }) => {
  await Reader.open(page, server, MAIN);
  await page.goBack();
  await expect(page.locator('ev-case-list').getByRole('link').first()).toBeVisible();
});

test('the catalogue leads to a material', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  // A group's own row only opens and closes it.
  await page.locator('ev-catalogue .row:not(.group)').nth(3).click();
  await reader.sharp();
  expect((await reader.status()).page).toBeGreaterThan(1);
});

test('thumbnails show their own page, whatever the sprite it is in', async ({ page, server }) => {
  await Reader.open(page, server, MAIN);
  await page.getByRole('button', { name: '缩略图' }).click();
  const sheets = page.locator('ev-thumbnails .sheet');
  await expect(sheets.nth(8)).toBeVisible();
  const scales = await sheets.evaluateAll((sheets) =>
    Promise.all(
      sheets.map(async (sheet) => {
        const { backgroundImage, backgroundSize, width } = getComputedStyle(sheet);
        const sprite = new Image();
        sprite.src = /url\("(.*)"\)/.exec(backgroundImage)?.[1] ?? '';
        await sprite.decode();
        const page = Number.parseFloat(width) / Number.parseFloat(backgroundSize);
        // Width of the page's picture in the sprite, in pixels: an upright A4 page fills a cell of 160.
        return page * sprite.naturalWidth;
      }),
    ),
  );
  expect(scales.length).toBeGreaterThan(8);
  for (const width of scales.slice(0, 8)) expect(width).toBeCloseTo(160, -1);
});

test('thumbnails lead to a page', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  await page.locator('ev-reader nav.rail').getByRole('button').nth(1).click();
  const thumbnails = page.locator('ev-thumbnails');
  await expect(thumbnails.getByRole('heading')).toHaveCount(0);
  await thumbnails.getByText('3', { exact: true }).first().click();
  await reader.sharp({ page: 3 });
});
