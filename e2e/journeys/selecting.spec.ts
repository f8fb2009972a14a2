// Selecting text with the mouse, and taking it along.
import type { EvolumeViewer } from '../../pkg/src/index.ts';
import { Reader } from '../support/reader.ts';
import { expect, MAIN, test } from '../support/test.ts';

declare global {
  interface Window {
    evolume: EvolumeViewer;
  }
}

const selection = () => window.evolume.selection;

test('a line is selected by three clicks, a passage by a drag, and both are copied', async ({
  page,
  context,
  server,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const reader = await Reader.open(page, server, MAIN);
  await reader.goTo(5);
  await reader.sharp({ page: 5 });
  const canvas = page.locator('ev-reader .pages canvas');
  const box = await canvas.boundingBox();
  if (!box) throw new Error('no canvas');

  // Somewhere in the upper half of a page of running text there is a line; the cursor tells.
  await page.mouse.move(box.x + box.width / 2, box.y + 200);
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await expect(async () => {
    await page.mouse.click(middle.x, middle.y, { clickCount: 3 });
    expect(await page.evaluate(selection)).not.toBeNull();
  }).toPass();
  const line = await page.evaluate(selection);
  expect(line).toMatchObject({ page: 5, index: 0 });
  expect(line?.quote.length).toBeGreaterThan(3);
  expect(line?.quote).not.toContain('\n');

  await page.mouse.move(middle.x - 150, middle.y);
  await page.mouse.down();
  await page.mouse.move(middle.x + 100, middle.y + 120, { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction(
    (old) =>
      window.evolume.selection?.quote.includes('\n') && window.evolume.selection.start !== old,
    line?.start,
  );
  const passage = await page.evaluate(selection);
  expect(passage?.rects.length).toBeGreaterThan(1);
  await page.keyboard.press('Control+c');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(passage?.text);
  // No space between Chinese characters and figures, no line end inside a paragraph.
  expect(passage?.text.replace(/\s/g, '')).toBe(passage?.quote.replace(/\s/g, ''));

  await page.keyboard.press('Escape');
  await page.waitForFunction(() => window.evolume.selection === null);
});
