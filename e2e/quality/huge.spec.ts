// A volume of 40,000 pages, made of the sample's by repeating its materials: it opens like a small one.
import type { Page, Route } from '@playwright/test';
import type { Manifest, Material } from '../../pkg/src/generated/index.ts';
import { Reader } from '../support/reader.ts';
import { cases } from '../support/server.ts';
import { expect, MAIN, test } from '../support/test.ts';

const PAGES = 40_000;
/** Milliseconds by which the first page of so many may come later than that of the sample. */
const LATER = 700;
/** Megabytes of JavaScript memory more. */
const MORE = 120;

/** The volume with its materials over and over, under other names, up to so many pages. */
function repeated(manifest: Manifest, pages: number): Manifest {
  const materials: Material[] = [];
  let count = 0;
  for (let round = 0; count < pages; round++) {
    for (const material of manifest.materials) {
      if (count >= pages) break;
      const own = material.pages.slice(0, pages - count);
      const title = round === 0 ? material.title : `${material.title}（${round + 1}）`;
      materials.push({ ...material, id: `${material.id}-${round}`, title, pages: own });
      count += own.length;
    }
  }
  return { ...manifest, materials };
}

async function serveRepeated(page: Page, pages: number): Promise<{ bytes: () => number }> {
  let bytes = 0;
  let json: string | undefined;
  await page.route('**/manifest', async (route: Route) => {
    if (json === undefined) {
      const response = await route.fetch();
      json = JSON.stringify(repeated((await response.json()) as Manifest, pages));
      bytes = Buffer.byteLength(json);
    }
    await route.fulfill({ body: json, contentType: 'application/json' });
  });
  return { bytes: () => bytes };
}

/** Milliseconds from the manifest's arrival to the first readable and the first sharp page, and megabytes. */
function measure(page: Page): Promise<{ readable: number; sharp: number; megabytes: number }> {
  return page.evaluate(() => {
    const [manifest] = performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('/manifest')) as PerformanceResourceTiming[];
    const since = manifest?.responseEnd ?? 0;
    const mark = (name: string): number =>
      (performance.getEntriesByName(name)[0]?.startTime ?? NaN) - since;
    const { memory } = performance as unknown as { memory?: { usedJSHeapSize: number } };
    return {
      readable: mark('evolume:readable'),
      sharp: mark('evolume:sharp'),
      megabytes: (memory?.usedJSHeapSize ?? 0) / (1 << 20),
    };
  });
}

test('40,000 pages open like few, and each can be reached', async ({ page, context, server }) => {
  test.setTimeout(180_000);
  const volume = (await cases(server))
    .flatMap(({ volumes }) => volumes)
    .find(({ title }) => title === MAIN);
  const address = `${server}/#/v/${volume?.id ?? ''}?page=1&zoom=100`;

  await page.goto(address);
  await new Reader(page).sharp({ page: 1 });
  const few = await measure(page);
  await page.close();

  const huge = await context.newPage();
  await huge.addInitScript(() => {
    window.canvasPixels = () => {
      const reader = document.querySelector('ev-app')?.shadowRoot?.querySelector('ev-reader');
      const canvas = reader?.shadowRoot
        ?.querySelector('.pages [role=document]')
        ?.shadowRoot?.querySelector('canvas');
      const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
      if (!pixels) throw new Error('no canvas');
      return pixels;
    };
  });
  const { bytes } = await serveRepeated(huge, PAGES);
  await huge.goto(address);
  const reader = new Reader(huge);
  await reader.sharp({ page: 1, pages: PAGES });
  const many = await measure(huge);
  const parsing = await huge.evaluate(() => {
    const text = JSON.stringify(window.evolume.manifest);
    const before = performance.now();
    JSON.parse(text);
    return performance.now() - before;
  });
  console.log(
    `manifest of ${PAGES} pages: ${(bytes() / 1e6).toFixed(1)} MB, JSON.parse ${parsing.toFixed(0)} ms; ` +
      `readable ${many.readable.toFixed(0)} ms after it (few pages: ${few.readable.toFixed(0)}), ` +
      `sharp ${many.sharp.toFixed(0)} (${few.sharp.toFixed(0)}), ` +
      `JavaScript ${many.megabytes.toFixed(0)} MB (${few.megabytes.toFixed(0)})`,
  );
  expect(many.readable - few.readable).toBeLessThan(LATER);
  expect(many.megabytes - few.megabytes).toBeLessThan(MORE);

  for (const wanted of [PAGES, 20_000, 39_999, 2]) {
    await reader.goTo(wanted);
    await reader.sharp({ page: wanted });
    expect(await reader.ink()).toBeGreaterThan(0.0005);
  }
  await reader.press('End');
  await reader.sharp({ scroll: 1 });
  await huge.getByRole('button', { name: '缩略图' }).click();
  const option = huge.locator('ev-thumbnails [role=option][aria-current=page]');
  await expect(option).toBeVisible();
  await expect(option).toHaveAttribute('aria-setsize', PAGES.toString());
  expect(await huge.locator('ev-thumbnails [role=option]').count()).toBeLessThan(100);
});
