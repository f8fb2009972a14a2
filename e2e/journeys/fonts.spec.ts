// Fonts that a PDF does not embed: PDFium in the browser has none to borrow, the server cuts one down for it.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pdf } from '../support/chinese-pdf.ts';
import { Harness } from '../support/harness.ts';
import { pdf as plain } from '../support/pdf.ts';
import { cases, ingest, removeFolder, Server, temporaryFolder } from '../support/server.ts';
import { expect, needs, test } from '../support/test.ts';

/** Rows of the canvas with black in them, and black pixels in all. */
function ink(harness: Harness): Promise<{ rows: number; pixels: number }> {
  return harness.page.evaluate(() => {
    const canvas = document.querySelector('#host > div')?.shadowRoot?.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) throw new Error('no canvas');
    const { width, height } = canvas;
    const { data } = context.getImageData(0, 0, width, height);
    let rows = 0;
    let pixels = 0;
    for (let y = 0; y < height; y += 1) {
      const before = pixels;
      for (let at = y * width * 4; at < (y + 1) * width * 4; at += 4) {
        if (Math.max(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0) < 80) pixels += 1;
      }
      if (pixels > before) rows += 1;
    }
    return { rows, pixels };
  });
}

test('text in fonts that are not embedded is drawn, and costs only the pages that want it', async ({
  page,
}) => {
  needs(existsSync('/usr/share/fonts/opentype/noto'), 'fonts-noto-cjk');
  const folder = temporaryFolder();
  const files = [
    // So long that nobody draws ahead into the next.
    plain(
      Array.from({ length: 12 }, () => ({ size: [595, 842], content: '' })),
      [],
    ),
    // The same name, other characters: one must not get the other's font.
    pdf([{ lines: [{ text: '一一一一', x: 100, y: 100 }] }]),
    pdf([{ lines: [{ text: '警警警警', x: 100, y: 100 }] }, {}]),
  ].map((bytes, at) => {
    const path = join(folder, `${at}.pdf`);
    writeFileSync(path, bytes);
    return path;
  });
  const data = join(folder, 'data');
  ingest(data, '（2024）京0105民初1号', '字体卷', 'main', files);
  const server = await Server.start(data);
  try {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const volume = (await cases(server.url)).flatMap((c) => c.volumes)[0];
    const harness = await Harness.open(page, server.url, volume?.id ?? '');
    const { materials } = await harness.manifest();
    const fonts = materials.map(({ fonts = [] }) => fonts.map(({ blob }) => blob));
    expect(fonts.map((blobs) => blobs.length)).toEqual([0, 1, 1]);
    const fetched = (of: number): number =>
      asked.filter((url) => url.includes(fonts[of]?.[0]?.sha256 ?? '?')).length;
    for (const blob of fonts.flat()) expect(blob.bytes).toBeLessThan(120_000);

    await harness.show(1, 200);
    expect(await ink(harness)).toEqual({ rows: 0, pixels: 0 });
    expect([fetched(1), fetched(2)]).toEqual([0, 0]);

    for (let times = 0; times < 2; times += 1) {
      await harness.show(13, 200);
      const thin = await ink(harness);
      // Four strokes, no boxes in place of missing glyphs.
      expect(thin.rows).toBeLessThan(12);
      expect(thin.pixels).toBeGreaterThan(200);
      await harness.show(14, 200);
      const full = await ink(harness);
      expect(full.rows).toBeGreaterThan(40);
      expect(full.pixels).toBeGreaterThan(2000);
    }
    expect(fetched(1)).toBeGreaterThan(0);
  } finally {
    await server.stop();
    removeFolder(folder);
  }
});
