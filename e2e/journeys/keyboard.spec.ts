// Reading without a mouse.
import { Reader } from '../support/reader.ts';
import { expect, MAIN, test } from '../support/test.ts';

test('keys scroll', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  const scroll = async (): Promise<number> => (await reader.status()).scroll;
  let before = await scroll();
  for (const key of ['ArrowDown', 'PageDown', 'Space']) {
    await reader.press(key);
    await expect.poll(scroll, key).toBeGreaterThan(before);
    before = await scroll();
  }
  for (const key of ['Shift+Space', 'PageUp', 'ArrowUp']) {
    await reader.press(key);
    await expect.poll(scroll, key).toBeLessThan(before);
    before = await scroll();
  }
  await reader.press('End');
  await reader.sharp({ scroll: 1 });
  await reader.press('Home');
  await reader.sharp({ scroll: 0, page: 1 });
});

test('keys zoom', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  await reader.press('0');
  await reader.sharp({ zoom: 100, fit: null });
  await reader.press('+');
  await reader.sharp({ zoom: 125 });
  await reader.press('-');
  await reader.sharp({ zoom: 100 });
});

test('a volume is reached and read with the keyboard alone', async ({ page, server }) => {
  await page.goto(server);
  const link = page.locator('ev-case-list').getByRole('link').first();
  await expect(link).toBeVisible();
  await link.focus();
  await page.keyboard.press('Enter');
  const reader = new Reader(page);
  await reader.sharp({ page: 1 });
  // The pages have the focus: no click is needed before the first key.
  await page.keyboard.press('PageDown');
  await expect.poll(async () => (await reader.status()).scroll).toBeGreaterThan(0);
});
