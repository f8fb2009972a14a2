// The viewer's pixels against native PDFium's, page by page; what may differ is data in pixels.json.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Manifest } from '../../pkg/src/generated/index.ts';
import { Harness } from '../support/harness.ts';
import { compare, draw, findPage } from '../support/pixels.ts';
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
        draw(file, sample.page, [at.w, at.h], join(folder, 'page'));
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
