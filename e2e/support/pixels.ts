// The viewer's pixels beside those of native PDFium with the same fonts.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { Harness } from './harness.ts';

const root = resolve(import.meta.dirname, '../..');
const program = process.env.EVOLUME ?? join(root, 'target/release/evolume');
const reference = join(program, '../examples/reference');

/** Draws a page (from 1) of a PDF with native PDFium, RGBA without a header. */
export function draw(
  file: string,
  page: number,
  [width, height]: [number, number],
  out: string,
  password = '',
): void {
  const arguments_ = [file, page.toString(), width.toString(), height.toString(), out, password];
  const { status, stderr } = spawnSync(reference, arguments_, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file}, page ${page}: ${stderr}`);
}

/** Where the uppermost page lies on the canvas. */
export function findPage(
  harness: Harness,
): Promise<{ x: number; y: number; w: number; h: number }> {
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

/**
 * Shares of pixels that differ, and that are not white in the reference, which may have been drawn `times` larger:
 * then neighbouring pixels are averaged, as the viewer does.
 */
export function compare(
  harness: Harness,
  at: { x: number; y: number; w: number; h: number },
  url: string,
  tolerance: number,
  times = 1,
): Promise<{ outliers: number; ink: number }> {
  return harness.page.evaluate(
    async ({ at, url, tolerance, times }) => {
      const large = new Uint8Array(await (await fetch(url)).arrayBuffer());
      const expected = new Uint8Array(at.w * at.h * 4);
      if (large.length !== expected.length * times * times) throw new Error('sizes differ');
      for (let i = 0; i < expected.length; i += 1) {
        const [x, y] = [Math.floor(i / 4) % at.w, Math.floor(i / 4 / at.w)];
        let sum = 0;
        for (let n = 0; n < times * times; n += 1) {
          const row = y * times + Math.floor(n / times);
          sum += large[(row * at.w * times + x * times + (n % times)) * 4 + (i % 4)] ?? 0;
        }
        expected[i] = Math.round(sum / (times * times));
      }
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
    { at, url, tolerance, times },
  );
}
