// Pages that nobody writes by accident: endless ones, tiny and huge ones, thousands of annotations; files that are
// locked or damaged.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Harness } from '../support/harness.ts';
import { pdf, stream } from '../support/pdf.ts';
import { compare, draw, findPage } from '../support/pixels.ts';
import { cases, ingest, removeFolder, Server, temporaryFolder } from '../support/server.ts';
import { expect, test } from '../support/test.ts';

const VOLUME = '疑难卷';

/** Serves files as a volume of their own. */
async function serve(
  files: Buffer[],
  use: (server: Server, volume: string) => Promise<void>,
  options: string[] = [],
): Promise<void> {
  const folder = temporaryFolder();
  const paths = files.map((file, at) => {
    const path = join(folder, `疑难${at}.pdf`);
    writeFileSync(path, file);
    return path;
  });
  const data = join(folder, 'data');
  ingest(data, '（2024）京0105民初1号', VOLUME, 'main', paths, options);
  const server = await Server.start(data);
  try {
    const volume = (await cases(server.url)).flatMap((c) => c.volumes)[0];
    if (!volume) throw new Error('no volume');
    await use(server, volume.id);
  } finally {
    await server.stop();
    removeFolder(folder);
  }
}

const PLAIN = { size: [200, 200] as [number, number], content: '0 0 1 rg 0 0 200 200 re f' };

/** Forms in forms, each drawing the next ten times over: a short file that takes seconds to draw. */
function endless(): Buffer {
  const curves = Array.from(
    { length: 30 },
    (_, k) => `${(7 * k) % 200} 5 m ${(31 * k) % 200} 60 10 100 ${(3 * k) % 200} 190 c S`,
  );
  const forms = Array.from({ length: 4 }, (_, at) => {
    const head = '/Type/XObject/Subtype/Form/BBox[0 0 200 200]';
    if (at === 3) return stream(head, `1 0 0 RG 3 w ${curves.join(' ')}`);
    return stream(`${head}/Resources<</XObject<</X ${10 + at} 0 R>>>>`, '/X Do '.repeat(10));
  });
  const extra = '/Resources<</XObject<</X 9 0 R>>>>';
  return pdf([PLAIN, { ...PLAIN, content: '/X Do', extra }, PLAIN], forms);
}

test('a page that takes too long is given up, and the rest goes on', async ({ page }) => {
  test.setTimeout(120_000);
  let workers = 0;
  page.on('worker', () => (workers += 1));
  await serve([endless()], async (server, volume) => {
    const harness = await Harness.open(page, server.url, volume, { renderLimit: 1_000 });
    await harness.show(1, 100);
    await page.evaluate(() => window.opened.viewer.moveTo({ page: 2, zoom: 'page' }));
    await page.waitForFunction(() => window.opened.problems.includes('page.timeout 2'));
    await page.waitForFunction(() => window.opened.status?.failed === 1);
    expect(await harness.status()).toMatchObject({ page: 2, readable: true });
    // The worker that hung has been replaced.
    await page.evaluate(() => window.opened.viewer.moveTo({ page: 3, zoom: 'page' }));
    await page.waitForFunction(() => {
      const status = window.opened.status;
      return status?.page === 3 && status.sharp && status.failed === 0;
    });
    // Nobody waits for it again, at another size either: it is told anew, and costs no further worker.
    const spent = workers;
    expect(spent).toBeGreaterThan(1);
    await page.evaluate(() => {
      window.opened.problems.length = 0;
      window.opened.viewer.moveTo({ page: 2, zoom: 400 });
    });
    await page.waitForFunction(() => window.opened.status?.failed === 1);
    await page.waitForFunction(() => window.opened.problems.includes('page.timeout 2'));
    // Whatever was asked of a worker before this page has been answered when this page is.
    await page.evaluate(() => window.opened.viewer.moveTo({ page: 3, zoom: 400 }));
    await page.waitForFunction(() => {
      const status = window.opened.status;
      return status?.page === 3 && status.sharp && status.failed === 0;
    });
    expect(workers).toBe(spent);
  });
});

test('tiny, huge and crowded pages are drawn', async ({ page }) => {
  test.setTimeout(120_000);
  const cells = Array.from({ length: 2500 }, (_, at) => {
    const [x, y] = [(at % 50) * 4, Math.floor(at / 50) * 4];
    return `<</Type/Annot/Subtype/Square/F 4/Rect[${x} ${y} ${x + 4} ${y + 4}]/AP<</N 15 0 R>>>>`;
  });
  const box = '/Type/XObject/Subtype/Form/BBox';
  const pages = [
    { size: [1, 1] as [number, number], content: '1 0 0 rg 0 0 1 1 re f' },
    { size: [14400, 14400] as [number, number], content: '0 1 0 rg 0 0 14400 14400 re f' },
    { size: PLAIN.size, content: '', extra: `/Annots[${cells.join('')}]` },
    { size: PLAIN.size, content: '/X Do', extra: '/Resources<</XObject<</X 16 0 R>>>>' },
    { size: PLAIN.size, content: '', extra: '/Annots[17 0 R]' },
    // So that the one before can be scrolled up to the upper edge.
    { size: [200, 800] as [number, number], content: '' },
  ];
  const others = [
    stream(`${box}[0 0 4 4]`, '0 0 1 rg 0 0 4 4 re f'),
    stream(
      `${box}[0 0 200 200]/Group<</S/Transparency/I true>>/Resources<</ExtGState<</G<</ca 0.5>>>>>>`,
      '/G gs 0 g 0 0 200 200 re f 0 0 200 200 re f',
    ),
    '<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(filled)/F 4/Rect[0 0 200 200]/AP<</N 18 0 R>>>>',
    stream(`${box}[0 0 200 200]`, '1 0.5 0 rg 0 0 200 200 re f'),
  ];
  const file = pdf(pages, others, '/AcroForm<</Fields[17 0 R]>>');
  const wanted = [
    { zoom: 1600, colour: [255, 0, 0] },
    { zoom: 10, colour: [0, 255, 0] },
    { zoom: 200, colour: [0, 0, 255] },
    // Half black twice over.
    { zoom: 200, colour: [64, 64, 64] },
    { zoom: 200, colour: [255, 128, 0] },
  ];
  await serve([file], async (server, volume) => {
    const harness = await Harness.open(page, server.url, volume);
    for (const [at, { zoom, colour }] of wanted.entries()) {
      await harness.show(at + 1, zoom);
      expect.soft(await harness.status(), `page ${at + 1}`).toMatchObject({ failed: 0 });
      const seen = await harness.colourAt(8);
      const far = Math.max(
        ...colour.map((value, channel) => Math.abs(value - (seen[channel] ?? 0))),
      );
      expect.soft(far, `page ${at + 1} is ${seen.join(' ')}`).toBeLessThanOrEqual(3);
    }
  });
});

test('locked and damaged files are drawn', async ({ page }) => {
  const whole = pdf([PLAIN, { ...PLAIN, size: [200, 800] }], []).toString('latin1');
  const broken = whole
    .replace(/startxref\n\d+/, 'startxref\n77')
    .replace(/\d{10} 00000 n/g, '0000000003 00000 n');
  expect(broken).not.toBe(whole);
  const locked = resolve(import.meta.dirname, '../../server/tests/fixtures/locked.pdf');
  const files = [readFileSync(locked), Buffer.from(broken, 'latin1')];
  await page.setViewportSize({ width: 1300, height: 1800 });
  const folder = temporaryFolder();
  const drawn = join(folder, 'page');
  await page.route('**/reference/*', (route) => route.fulfill({ body: readFileSync(drawn) }));
  await serve(
    files,
    async (server, volume) => {
      const harness = await Harness.open(page, server.url, volume);
      await harness.show(1, 150);
      expect(await harness.status()).toMatchObject({ failed: 0, pages: 3 });
      const place = await findPage(harness);
      draw(locked, 1, [place.w, place.h], drawn, 'open');
      const { outliers, ink } = await compare(harness, place, '/reference/page', 24);
      expect(outliers).toBeLessThan(0.0005);
      expect(ink).toBeGreaterThan(0.0001);
      await harness.show(2, 200);
      expect(await harness.status()).toMatchObject({ failed: 0 });
      expect((await harness.colourAt(8)).slice(0, 3)).toEqual([0, 0, 255]);
    },
    ['--password', 'open'],
  );
  removeFolder(folder);
});
