// The viewer's pixels against native PDFium's, page by page; what may differ is data in pixels.json.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Manifest } from '../../pkg/src/generated/index.ts';
import { Harness } from '../support/harness.ts';
import { cases, corpus, removeFolder, temporaryFolder } from '../support/server.ts';

type Sample = {
  /** Title of the volume. */
  volume: string;
  /** Name of the material's file. */
  file: string;
  /** In the file, from 1. */
  page: number;
  /** Instead of the general limits, with the reason. */
  tolerance?: number;
  outliers?: number;
  why?: string;
};

type Limits = {
  /** Percent; at this size the viewer draws pixel by pixel what PDFium gives it. */
  zoom: number;
  /** A pixel is an outlier when one of its channels differs by more. */
  tolerance: number;
  /** Share of outliers that is allowed. */
  outliers: number;
  samples: Sample[];
};

const root = resolve(import.meta.dirname, '../..');
const program = process.env.EVOLUME ?? join(root, 'target/release/evolume');
const reference = join(program, '../examples/reference');
const limits = JSON.parse(readFileSync(join(import.meta.dirname, 'pixels.json'), 'utf8')) as Limits;

/** The page's number in the volume. */
function numberOf(manifest: Manifest, sample: Sample): number {
  let before = 0;
  for (const material of manifest.materials) {
    if (material.file_name === sample.file && sample.page <= material.pages.length)
      return before + sample.page;
    before += material.pages.length;
  }
  throw new Error(`${sample.file} is not in the volume`);
}

/** Where the uppermost page lies on the canvas. */
function findPage(harness: Harness): Promise<{ x: number; y: number; w: number; h: number }> {
  return harness.page.evaluate(() => {
    const canvas = document.querySelector('#host > div')?.shadowRoot?.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) throw new Error('no canvas');
    const { width, height } = canvas;
    const { data } = context.getImageData(0, 0, width, height);
    const desk = data.slice(0, 3);
    const isDesk = (x: number, y: number): boolean =>
      [0, 1, 2].every((channel) => data[(y * width + x) * 4 + channel] === desk[channel]);
    const middle = width >> 1;
    let top = 0;
    while (isDesk(middle, top)) top += 1;
    let left = 0;
    while (isDesk(left, top + 9)) left += 1;
    let right = width - 1;
    while (isDesk(right, top + 9)) right -= 1;
    let bottom = top;
    while (bottom < height && !isDesk(left, bottom)) bottom += 1;
    // The page has an edge of one pixel, two below.
    return { x: left + 1, y: top + 1, w: right - left - 1, h: bottom - top - 3 };
  });
}

/** Shares of pixels that differ, and that are not white in the reference. */
function compare(
  harness: Harness,
  at: { x: number; y: number; w: number; h: number },
  url: string,
  tolerance: number,
): Promise<{ outliers: number; ink: number }> {
  return harness.page.evaluate(
    async ({ at, url, tolerance }) => {
      const expected = new Uint8Array(await (await fetch(url)).arrayBuffer());
      const canvas = document.querySelector('#host > div')?.shadowRoot?.querySelector('canvas');
      const shown = canvas?.getContext('2d')?.getImageData(at.x, at.y, at.w, at.h).data;
      if (shown?.length !== expected.length) throw new Error('sizes differ');
      let outliers = 0;
      let ink = 0;
      for (let i = 0; i < expected.length; i += 4) {
        let most = 0;
        let dark = 0;
        for (let c = i; c < i + 3; c += 1) {
          most = Math.max(most, Math.abs((expected[c] ?? 0) - (shown[c] ?? 0)));
          dark = Math.max(dark, 255 - (expected[c] ?? 0));
        }
        if (most > tolerance) outliers += 1;
        if (dark > 40) ink += 1;
      }
      const pixels = expected.length / 4;
      return { outliers: outliers / pixels, ink: ink / pixels };
    },
    { at, url, tolerance },
  );
}

// High enough for a whole page at the zoom of the comparison.
test.use({ viewport: { width: 2700, height: 3400 }, deviceScaleFactor: 1, trace: 'off' });

test.describe('pixels', () => {
  const volumes = [...new Set(limits.samples.map((sample) => sample.volume))];
  for (const title of volumes) {
    test(title, async ({ page }, info) => {
      test.setTimeout(120_000);
      const server = process.env.EVOLUME_E2E_URL ?? '';
      const volume = (await cases(server)).flatMap((c) => c.volumes).find((v) => v.title === title);
      if (!volume) throw new Error(`no volume ${title}`);
      const folder = temporaryFolder();
      const harness = await Harness.open(page, server, volume.id);
      const manifest = await harness.manifest();
      await page.route('**/reference/*', (route) => {
        const name = new URL(route.request().url()).pathname.split('/').pop() ?? '';
        return route.fulfill({ body: readFileSync(join(folder, name)) });
      });
      for (const sample of limits.samples.filter((sample) => sample.volume === title)) {
        const name = `${sample.file}, page ${sample.page}`;
        const number = numberOf(manifest, sample);
        await harness.show(number, limits.zoom);
        // The end of a volume cannot be scrolled up to the top, where the comparison looks.
        const status = await harness.status();
        expect(status?.page, name).toBe(number);
        expect(status?.offset, name).toBeCloseTo(0, 2);
        const at = await findPage(harness);
        const file = fileOf(sample);
        const out = join(folder, 'page');
        const run = spawnSync(
          reference,
          [file, sample.page.toString(), at.w.toString(), at.h.toString(), out],
          { encoding: 'utf8' },
        );
        expect(run.status, `${name}: ${run.stderr}`).toBe(0);
        const tolerance = sample.tolerance ?? limits.tolerance;
        const found = await compare(harness, at, '/reference/page', tolerance);
        console.log(
          `${name}: ${(100 * found.outliers).toFixed(3)} % outliers, ${(100 * found.ink).toFixed(1)} % ink`,
        );
        if (found.outliers > (sample.outliers ?? limits.outliers)) {
          await info.attach(`${name}.png`, {
            body: await harness.pixels(),
            contentType: 'image/png',
          });
        }
        expect.soft(found.ink, `${name}: the reference is empty`).toBeGreaterThan(0.001);
        expect
          .soft(found.outliers, `${name}: share of outliers`)
          .toBeLessThanOrEqual(sample.outliers ?? limits.outliers);
      }
      removeFolder(folder);
    });
  }
});

/** The material's file in the corpus. */
function fileOf(sample: Sample): string {
  const description = JSON.parse(readFileSync(join(corpus, 'case.json'), 'utf8')) as {
    volumes: { folder: string; title: string }[];
  };
  const volume = description.volumes.find(({ title }) => title === sample.volume);
  return join(corpus, volume?.folder ?? '', sample.file);
}
