// Dark and light, Chinese and English; both are remembered.
import { Reader } from '../support/reader.ts';
import { expect, MAIN, test } from '../support/test.ts';

test('dark surroundings, white paper', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  const light = await reader.colours();
  expect(light.paper).toBe(true);
  await page.getByRole('button', { name: '深色界面' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect
    .poll(async () => (await reader.colours()).desk[0])
    .toBeLessThan((light.desk[0] ?? 0) - 100);
  expect((await reader.colours()).paper).toBe(true);
  await page.reload();
  await reader.sharp();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: '浅色界面' }).click();
  await expect.poll(async () => (await reader.colours()).desk).toEqual(light.desk);
});

test('English is loaded and remembered', async ({ page, server }) => {
  const reader = await Reader.open(page, server, MAIN);
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('button', { name: 'Zoom in' })).toBeVisible();
  await page.reload();
  await reader.sharp();
  await expect(page.getByRole('button', { name: 'Zoom in' })).toBeVisible();
  await page.getByRole('button', { name: '切换到中文' }).click();
  await expect(page.getByRole('button', { name: '放大' })).toBeVisible();
});
