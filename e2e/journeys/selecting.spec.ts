// Selecting text with mouse, keyboard and finger, over pages, and taking it along.
import type { CDPSession, Page } from '@playwright/test';
import type { EvolumeViewer } from '../../pkg/src/index.ts';
import { Desk } from '../support/desk.ts';
import { installHelpers, Reader } from '../support/reader.ts';
import { expect, MAIN, test } from '../support/test.ts';

declare global {
  interface Window {
    evolume: EvolumeViewer;
  }
}

const selection = () => window.evolume.selection;
const passages = () => window.evolume.passages();
/** The numbers of the pages that are selected. */
const numbers = () => {
  const { numbering } = window.evolume;
  return window.evolume.passages().map(({ page }) => numbering.number(page));
};
const clipboard = () => navigator.clipboard.readText();

/** Clicks in the middle of the pages until the text there is selected. */
async function clickLine(page: Page): Promise<{ x: number; y: number }> {
  const box = await page.locator('ev-reader .pages canvas').boundingBox();
  if (!box) throw new Error('no canvas');
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  // The page's text may still be on its way.
  await expect(async () => {
    await page.mouse.click(middle.x, middle.y, { clickCount: 3 });
    expect(await page.evaluate(selection)).not.toBeNull();
  }).toPass();
  return middle;
}

test('a line is selected by three clicks, a passage by a drag, and both are copied', async ({
  page,
  context,
  server,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const reader = await Reader.open(page, server, MAIN);
  await reader.goTo(5);
  await reader.sharp({ page: 5 });
  const middle = await clickLine(page);
  const line = await page.evaluate(selection);
  expect(line?.whole).toBe(true);
  expect(await page.evaluate(numbers)).toEqual([5]);
  expect(line?.quote.length).toBeGreaterThan(3);
  expect(line?.quote).not.toContain('\n');

  await page.mouse.move(middle.x - 150, middle.y);
  await page.mouse.down();
  await page.mouse.move(middle.x + 100, middle.y + 120, { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction(
    (old) =>
      window.evolume.selection?.quote.includes('\n') && window.evolume.selection.start.at !== old,
    line?.start.at,
  );
  const [passage] = await page.evaluate(passages);
  expect(passage?.rects.length).toBeGreaterThan(1);
  await page.keyboard.press('Control+c');
  const copied = await page.evaluate(clipboard);
  // No space between Chinese characters and figures, no line end inside a paragraph.
  expect(copied.replace(/\s/g, '')).toBe(passage?.quote.replace(/\s/g, ''));
  expect(copied.split('\n').length).toBeLessThan(passage?.quote.split('\n').length ?? 0);

  await page.keyboard.press('Escape');
  await page.waitForFunction(() => window.evolume.selection === null);
});

test('what is selected over pages is copied whole, with its citation, and needs no name', async ({
  page,
  context,
  server,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const reader = await Reader.open(page, server, MAIN);
  await reader.goTo(5);
  await reader.sharp({ page: 5 });
  const middle = await clickLine(page);
  await reader.goTo(7);
  await reader.sharp({ page: 7 });
  await page.keyboard.down('Shift');
  await page.mouse.click(middle.x, middle.y);
  await page.keyboard.up('Shift');
  await page.waitForFunction(() => window.evolume.selection?.whole);
  const parts = await page.evaluate(passages);
  expect(await page.evaluate(numbers)).toEqual([5, 6, 7]);

  await page.keyboard.press('Control+c');
  const copied = await page.evaluate(clipboard);
  const dense = (text: string): string => text.replace(/\s/g, '');
  expect(dense(copied)).toContain(dense(parts[1]?.quote ?? '').slice(0, 200));

  // The bar of a reader without a name copies too; the name is asked for when something is to be marked.
  const bar = page.locator('ev-mark-bar');
  await expect(bar.getByRole('button', { name: '复制', exact: true })).toBeVisible();
  await expect(bar.getByLabel('姓名')).toHaveCount(0);
  await bar.getByRole('button', { name: '标注', exact: true }).click();
  await expect(bar.getByLabel('姓名')).toBeVisible();
  await bar.getByRole('button', { name: '复制并注明出处' }).click();
  await page.waitForFunction(() => window.evolume.selection === null);
  const cited = await page.evaluate(clipboard);
  expect(cited).toMatch(/^“[^]*”（《[^》]+》第\d+(-\d+)?页(至《[^》]+》第\d+页)?／正卷第5-7页）$/);

  // By keys alone: a caret, a line, the material.
  await reader.press('F7');
  await reader.press('Shift+End');
  await page.waitForFunction(() => window.evolume.selection !== null);
  const line = await page.evaluate(selection);
  expect(line?.quote).not.toContain('\n');
  await reader.press('Shift+ArrowDown');
  await page.waitForFunction(() => window.evolume.selection?.quote.includes('\n'));
  await reader.press('Control+Shift+C');
  await expect.poll(() => page.evaluate(clipboard)).toContain('／正卷第7页）');
  await reader.press('Control+a');
  await page.waitForFunction(() => window.evolume.selection?.whole);
  const material = await page.evaluate(passages);
  expect(new Set(material.map((part) => part.page.material)).size).toBe(1);
  expect(material[0]).toMatchObject({ page: { index: 0 }, start: 0 });
});

test('a mark over several pages is one on each, and one step to take back', async ({
  browser,
  server,
}) => {
  const desk = await Desk.open(browser, server, '跨页', 5);
  await desk.selectLine();
  await desk.goTo(6);
  await desk.page.keyboard.down('Shift');
  await desk.page.mouse.click(desk.place.x, desk.place.y);
  await desk.page.keyboard.up('Shift');
  await desk.page.waitForFunction(() => window.evolume.passages().length === 2);
  await desk.bar.getByRole('combobox').selectOption({ label: '仅自己' });
  await desk.bar.getByRole('button', { name: '黄色' }).click();
  await expect(desk.cards).toHaveCount(2);
  await desk.page.keyboard.press('Control+z');
  await expect(desk.cards).toHaveCount(0);
  await desk.close();
});

/** A finger on the screen. */
class Finger {
  readonly #session: CDPSession;

  constructor(session: CDPSession) {
    this.#session = session;
  }

  async #send(type: 'touchStart' | 'touchMove' | 'touchEnd', x?: number, y?: number) {
    const touchPoints = x === undefined || y === undefined ? [] : [{ x, y }];
    await this.#session.send('Input.dispatchTouchEvent', { type, touchPoints });
  }

  down = (x: number, y: number) => this.#send('touchStart', x, y);
  move = (x: number, y: number) => this.#send('touchMove', x, y);
  up = () => this.#send('touchEnd');
}

test('a finger that rests selects a word, and its ends can be dragged', async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await installHelpers(page);
  const reader = await Reader.open(page, server, MAIN);
  await page.evaluate(() => window.evolume.goTo(5));
  await reader.sharp({ page: 5 });
  const finger = new Finger(await context.newCDPSession(page));
  const box = await page.locator('ev-reader .pages canvas').boundingBox();
  if (!box) throw new Error('no canvas');
  const [x, y] = [box.x + box.width / 2, box.y + 240];
  await expect(async () => {
    await finger.down(x, y);
    await page
      .waitForFunction(() => window.evolume.selection !== null, undefined, { timeout: 2_000 })
      .finally(finger.up);
  }).toPass();
  const word = await page.evaluate(selection);
  const handle = page.locator('ev-reader .pages .handle.end');
  await expect(handle).toBeVisible();
  const grip = await handle.boundingBox();
  if (!grip) throw new Error('no handle');
  expect(grip).toMatchObject({ width: 44, height: 44 });
  await finger.down(grip.x + 22, grip.y + 22);
  await finger.move(grip.x + 22, grip.y + 62);
  await finger.move(grip.x + 22, grip.y + 102);
  await finger.up();
  const longer = await page.evaluate(selection);
  expect(longer?.start).toEqual(word?.start);
  expect(longer?.end.at).toBeGreaterThan(word?.end.at ?? 0);
  // A tap elsewhere lets it go.
  await page.touchscreen.tap(x, box.y + box.height - 60);
  await page.waitForFunction(() => window.evolume.selection === null);
  await context.close();
});
