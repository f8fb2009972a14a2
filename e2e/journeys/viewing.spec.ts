// How pages are arranged and turned, and where a volume opens again.
import type { Locator, Page } from '@playwright/test';
import { Reader } from '../support/reader.ts';
import { expect, MAIN, test } from '../support/test.ts';

async function choose(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: '页面排列与旋转' }).click();
  await page.locator('ev-view-control wa-dropdown-item').filter({ hasText: item }).click();
}

/** How much of the middle line of the view pages cover, as a share. */
function covered(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { data, width, height } = window.canvasPixels();
    const line = Math.floor(height / 2) * width * 4;
    const desk = data.slice(0, 3).join();
    let covered = 0;
    for (let x = 0; x < width; x++) {
      const at = line + x * 4;
      if (data.slice(at, at + 3).join() !== desk) covered += 1;
    }
    return covered / width;
  });
}

/** The pages that are turned, by number, and how far. */
const turns = () =>
  window.evolume.view.turns.map(([page, turn]) => [window.evolume.numbering.number(page), turn]);

test('two pages, a book, one at a time', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  await reader.chooseZoom(/^\s*50%/);
  await reader.goTo(6);
  await reader.sharp({ page: 6, zoom: 50 });
  const one = await covered(page);
  await choose(page, '双页');
  await reader.sharp({ page: 6 });
  expect(await covered(page)).toBeCloseTo(2 * one, 1);
  await reader.press('3');
  await reader.sharp({ page: 6 });
  expect(await covered(page)).toBeCloseTo(2 * one, 1);
  await reader.press('4');
  await reader.sharp({ page: 6 });
  expect(await covered(page)).toBeCloseTo(one, 1);
  await reader.press('PageDown');
  await reader.sharp({ page: 7 });
  await reader.press('1');
  await reader.sharp({ page: 7 });
  const item: Locator = page
    .locator('ev-view-control wa-dropdown-item')
    .filter({ hasText: '连续' });
  await expect(item).toHaveJSProperty('checked', true);
});

test('a turned page stays turned, its text can be selected, and a search finds it', async ({
  page,
  server,
}) => {
  const reader = await Reader.open(page, server, MAIN);
  await reader.goTo(5);
  await reader.sharp({ page: 5 });
  const upright = await page.evaluate(() => window.canvasPixels().data.join().length);
  await reader.press('r');
  await reader.sharp({ page: 5 });
  expect(await page.evaluate(() => window.canvasPixels().data.join().length)).not.toBe(upright);
  // A line of a page on its side is higher than wide.
  await expect(async () => {
    const box = await page.locator('ev-reader .pages canvas').boundingBox();
    if (!box) throw new Error('no canvas');
    for (const part of [0.35, 0.45, 0.55, 0.65]) {
      await page.mouse.click(box.x + box.width * part, box.y + box.height / 2, { clickCount: 3 });
      const selection = await page.evaluate(() => window.evolume.selection);
      if (!selection || selection.quote.trim().length < 4) continue;
      expect(selection.view[3]).toBeGreaterThan(selection.view[2]);
      return;
    }
    throw new Error('nothing selected');
  }).toPass();
  await expect
    .poll(() => page.evaluate(() => localStorage.getItem('evolume.reading')))
    .toContain('90');
  await expect.poll(() => page.url()).toContain('page=5');
  await page.reload();
  await reader.sharp({ page: 5 });
  expect(await page.evaluate(turns)).toEqual([[5, 90]]);
  for (const turn of [180, 270]) {
    await reader.press('r');
    await expect.poll(() => page.evaluate(turns)).toEqual([[5, turn]]);
  }
  await reader.press('r');
  await expect.poll(() => page.evaluate(turns)).toEqual([]);
});

test('a volume opens where one left it', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  await reader.goTo(33);
  await reader.sharp({ page: 33 });
  await expect.poll(() => page.url()).toContain('page=33');
  await page.getByRole('link', { name: '返回案件列表' }).click();
  const link = page.locator('ev-case-list').getByRole('link').filter({ hasText: MAIN }).first();
  await link.click();
  await reader.sharp({ page: 33 });
  // What the storage holds may be anything.
  await page.evaluate(() => localStorage.setItem('evolume.reading', '[[1,2],["x"],{"a":1}]'));
  await page.goto(server);
  await page.evaluate(() => localStorage.setItem('evolume.reading', '{{{'));
  await page.locator('ev-case-list').getByRole('link').filter({ hasText: MAIN }).first().click();
  await reader.sharp({ page: 1 });
});

test('the hand pushes the pages and a frame is enlarged', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  const canvas = page.locator('ev-reader .pages canvas');
  const box = await canvas.boundingBox();
  if (!box) throw new Error('no canvas');
  await reader.goTo(5);
  await reader.sharp({ page: 5 });
  await reader.press('g');
  await expect(canvas).toHaveCSS('cursor', /default|grab/);
  const { scroll } = await reader.status();
  await page.mouse.move(box.x + 300, box.y + 400);
  await expect(canvas).toHaveCSS('cursor', 'grab');
  await page.mouse.down();
  await page.mouse.move(box.x + 300, box.y + 200);
  await page.mouse.up();
  expect((await reader.status()).scroll).toBeGreaterThan(scroll);
  await reader.press('z');
  const { zoom } = await reader.status();
  await page.mouse.move(box.x + 300, box.y + 300);
  await expect(canvas).toHaveCSS('cursor', 'crosshair');
  await page.mouse.down();
  await page.mouse.move(box.x + 500, box.y + 400);
  await page.mouse.up();
  await reader.sharp({ tool: 'select' });
  expect((await reader.status()).zoom).toBeGreaterThan(zoom * 3);
});
