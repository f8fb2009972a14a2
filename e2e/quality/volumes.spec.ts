// Big volumes open like small ones and scroll without blanks.
import type { Page } from '@playwright/test';
import type { EvolumeViewer } from '../../pkg/src/index.ts';
import { fling, flingWatched } from '../support/fling.ts';
import { Reader } from '../support/reader.ts';
import { cases, ingestFile, removeFolder, Server, temporaryFolder } from '../support/server.ts';
import { expect, test } from '../support/test.ts';
import { bigVolume } from '../support/volumes.ts';

/** Of all that is fetched until the first page can be read. */
const KILOBYTES = 700;
/** Share of a fling's frames in which some page is still bare: near 0, and more where the machine is busy. */
const EARLY = 0.25;

for (const [name, pages] of [
  ['vol1000.pdf', 1000],
  ['scan300.pdf', 300],
] as const) {
  test(`${name} opens at once and scrolls without blanks`, async ({ page }) => {
    const file = bigVolume(name);
    test.skip(!file, `no ${name}`);
    test.setTimeout(600_000);
    const data = temporaryFolder();
    ingestFile(data, name, file ?? '');
    const own = await Server.start(data);
    try {
      const volume = (await cases(own.url))[0]?.volumes[0];
      expect(volume?.pages).toBe(pages);
      const address = `${own.url}/#/v/${volume?.id ?? ''}`;
      // In the middle: a page far inside opens like the first one.
      await page.goto(`${address}?page=${pages / 2}&zoom=100`);
      const reader = new Reader(page);
      await reader.sharp({ page: pages / 2 });
      expect(await kilobytesUntilReadable(page)).toBeLessThan(KILOBYTES);

      const walked = await scrollThrough(page, 60);
      console.log(`${name}, by half a screen: ${JSON.stringify(walked)}`);
      expect(walked.blank, `blank frames among ${walked.frames}`).toBe(0);
      expect(walked.pages).toBeGreaterThan(20);
      for (const end of ['End', 'Home']) {
        await reader.press(end);
        await reader.until({ readable: true, scroll: end === 'End' ? 1 : 0 });
        expect(await reader.ink()).toBeGreaterThan(0.001);
      }
      await reader.sharp({ page: 1 });

      const flown = await fling(page);
      const watched = await flingWatched(page);
      console.log(`${name}, fling: ${JSON.stringify({ ...flown, watched })}`);
      expect(flown.pages).toBeGreaterThan(30);
      expect(watched.blank, 'blank frames though all pages were said to show').toBe(0);
      expect(watched.early / watched.frames).toBeLessThan(EARLY);
      await reader.sharp({ page: 1 });
    } finally {
      await own.stop();
      removeFolder(data);
    }
  });
}

/** What had come over the network when all was there that the first readable page is made of. */
function kilobytesUntilReadable(page: Page): Promise<number> {
  return page.evaluate(() => {
    const all = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const needed = all.filter(({ name }) => /\/(excerpt|preview)$|viewer_bg-/.test(name));
    const there = Math.max(...needed.map(({ responseEnd }) => responseEnd));
    return all
      .filter(({ responseEnd }) => responseEnd <= there)
      .reduce((sum, { transferSize }) => sum + transferSize / 1024, 0);
  });
}

/**
 * Scrolls down by half a screen a step, `steps` times, each when the one before can be read, and looks at every
 * frame meanwhile: the view must have something dark in it once its pages can be read; `early` frames
 * are those before.
 */
function scrollThrough(
  page: Page,
  steps: number,
): Promise<{ frames: number; blank: number; early: number; pages: number }> {
  return page.evaluate(async (steps) => {
    const viewer = window.evolume;
    const first = viewer.status?.page ?? 0;
    const { canvas } = viewer;
    const context = canvas.getContext('2d');
    let frames = 0;
    let blank = 0;
    let early = 0;
    const look = async (): Promise<void> => {
      // What is told now is painted by the frame that follows.
      const readable = viewer.status?.readable ?? false;
      await new Promise(requestAnimationFrame);
      // All of it: the end of one page and the margin of the next may fill half a view.
      const data = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let dark = false;
      for (let i = 1; i < data.length && !dark; i += 4) dark = (data[i] ?? 255) < 140;
      frames += 1;
      if (!readable) early += 1;
      else if (!dark) blank += 1;
    };
    for (let step = 0; step < steps; step++) {
      viewer.scrollScreens(0.5);
      do await look();
      while (!viewer.status?.readable);
    }
    return { frames, blank, early, pages: (viewer.status?.page ?? 0) - first };
  }, steps);
}

declare global {
  interface Window {
    evolume: EvolumeViewer;
  }
}
