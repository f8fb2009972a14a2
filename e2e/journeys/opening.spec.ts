// The page comes before the interface, and stays where it is when the interface arrives.
import { Reader } from '../support/reader.ts';
import { cases } from '../support/server.ts';
import { expect, MAIN, test } from '../support/test.ts';

const INTERFACE = /\/assets\/app-[^/]*\.js$/;

for (const [width, height] of [
  [1440, 900],
  [1920, 1080],
  [390, 844],
] as const) {
  test(`the page is readable before the interface is there, at ${width} px`, async ({
    page,
    server,
  }) => {
    await page.setViewportSize({ width, height });
    const volume = (await cases(server))
      .flatMap(({ volumes }) => volumes)
      .find(({ title }) => title === MAIN);
    let release = (): void => undefined;
    const released = new Promise<void>((done) => (release = done));
    await page.route(INTERFACE, async (route) => {
      await released;
      await route.continue();
    });
    await page.goto(`${server}/#/v/${volume?.id ?? ''}?page=3`);
    await page.waitForFunction(() => performance.getEntriesByName('evolume:readable').length > 0);
    const canvas = page.locator('canvas#canvas');
    const before = await canvas.boundingBox();
    expect(before?.width).toBeGreaterThan(300);
    await expect(page.locator('ev-app')).toHaveCount(0);

    release();
    const reader = new Reader(page);
    await reader.sharp({ page: 3 });
    await expect(page.locator('.outline')).toHaveCount(0);
    expect(await canvas.boundingBox()).toEqual(before);
    expect(await reader.ink()).toBeGreaterThan(0.001);
  });
}

test('whoever goes back to the list meanwhile gets the list', async ({ page, server }) => {
  const [volume] = (await cases(server)).flatMap(({ volumes }) => volumes);
  let release = (): void => undefined;
  const released = new Promise<void>((done) => (release = done));
  await page.route(INTERFACE, async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(`${server}/#/v/${volume?.id ?? ''}`);
  await page.waitForFunction(() => performance.getEntriesByName('evolume:readable').length > 0);
  await page.evaluate(() => (location.hash = '#/'));
  release();
  await expect(page.locator('ev-case-list').getByRole('link').first()).toBeVisible();
  await expect(page.locator('canvas')).toHaveCount(0);
});
