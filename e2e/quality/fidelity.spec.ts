// The viewer against native PDFium with the same fonts, over a corpus of other people's PDFs; what may differ is data
// in fidelity.json. A bounded sample by default; with EVOLUME_FIDELITY=all every file, and the table into docs/.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { Harness } from '../support/harness.ts';
import { pdf } from '../support/pdf.ts';
import { compare, draw, findPage } from '../support/pixels.ts';
import { cases, removeFolder, Server, temporaryFolder } from '../support/server.ts';

type Exception = { file: string; outliers: number; why: string };
type Limits = { tolerance: number; outliers: number; exceptions: Exception[] };
type Row = { file: string; page: number; outliers: number };

const root = resolve(import.meta.dirname, '../..');
const program = process.env.EVOLUME ?? join(root, 'target/release/evolume');
const corpus = join(process.env.EVOLUME_SHARED ?? join(root, '../shared'), 'corpus');
const limits = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fidelity.json'), 'utf8'),
) as Limits;
const all = process.env.EVOLUME_FIDELITY === 'all';

/** Pages of a file that are compared, the first ones. */
const PAGES = all ? 5 : 1;
/** Larger files are left to the whole run. */
const BYTES = all ? Infinity : 150_000;
/** Percent; at 2 pixels a point the viewer draws pixel by pixel what PDFium gives it. */
const SHARP = 150;
const VIEWPORT = { width: 1300, height: 1800 };

test.use({ viewport: VIEWPORT, deviceScaleFactor: 1, trace: 'off' });

test('pages of the corpus look as native PDFium draws them', async ({ page }) => {
  test.skip(!existsSync(corpus), `${corpus} is not there`);
  test.setTimeout(all ? 3_600_000 : 240_000);
  const [, ...lines] = readFileSync(join(corpus, 'manifest.tsv'), 'utf8').trim().split('\n');
  const files = lines
    .map((line) => line.split('\t'))
    .map(([path = '', , password = '']) => ({ path: join(corpus, 'files', path), password }))
    .filter(({ path }) => existsSync(path) && statSync(path).size <= BYTES);
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  // The end of a volume cannot be scrolled up to the top, where the comparison looks.
  const last = join(folder, 'last.pdf');
  writeFileSync(last, pdf([{ size: [600, 2000], content: '' }], []));
  const passwords = [...new Set(files.map(({ password }) => password).filter(Boolean))];
  spawnSync(
    program,
    [
      ...['ingest', '--data', data, '--case', '1', '--volume', '正卷', '--json'],
      ...passwords.flatMap((password) => ['--password', password]),
      ...files.map(({ path }) => path),
      last,
    ],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  const server = await Server.start(data);
  const rows: Row[] = [];
  const left: string[] = [];
  try {
    await page.route('**/reference/*', (route) =>
      route.fulfill({ body: readFileSync(join(folder, 'page')) }),
    );
    const volume = (await cases(server.url)).flatMap((c) => c.volumes)[0];
    const harness = await Harness.open(page, server.url, volume?.id ?? '');
    const { materials } = await harness.manifest();
    let before = 0;
    for (const material of materials) {
      const file = files.find(({ path }) => basename(path) === material.file_name);
      // A repaired PDF is one that PDFium does not open as it is: both sides draw what the repair made of it.
      const repaired = material.repaired ? material.converted : null;
      if (repaired) {
        const blob = await fetch(
          `${server.url}/api/v1/volumes/${volume?.id ?? ''}/blobs/${repaired.sha256}`,
        );
        expect(blob.status, material.file_name).toBe(200);
        writeFileSync(join(folder, 'repaired.pdf'), Buffer.from(await blob.arrayBuffer()));
      }
      for (const [at, { width, height, rotation = 0, problem }] of material.pages.entries()) {
        if (!file || at >= PAGES) continue;
        const [w, h] = rotation % 180 === 90 ? [height, width] : [width, height];
        const fits = Math.min((VIEWPORT.width - 40) / w, (VIEWPORT.height - 40) / h) * 75;
        const zoom = Math.min(SHARP, Math.floor(fits));
        if (problem || zoom < 10 || Math.min(w, h) * (zoom / 75) < 24) {
          left.push(`${material.file_name} ${at + 1}: ${problem ?? `${w} x ${h} points`}`);
          continue;
        }
        await harness.show(before + at + 1, zoom);
        const place = await findPage(harness);
        // Below 1.9 pixels a point the viewer draws twice the size and scales down.
        const times = zoom / 75 < 1.9 ? 2 : 1;
        const size: [number, number] = [place.w * times, place.h * times];
        const drawn = repaired ? { path: join(folder, 'repaired.pdf'), password: '' } : file;
        draw(drawn.path, at + 1, size, join(folder, 'page'), drawn.password);
        const found = await compare(harness, place, '/reference/page', limits.tolerance, times);
        rows.push({ file: material.file_name, page: at + 1, outliers: found.outliers });
        const most = exception(material.file_name)?.outliers ?? limits.outliers;
        expect
          .soft(found.outliers, `${material.file_name}, page ${at + 1}`)
          .toBeLessThanOrEqual(most);
      }
      before += material.pages.length;
    }
  } finally {
    await server.stop();
    removeFolder(folder);
  }
  const text = table(rows, left);
  console.log(text);
  expect(rows.length).toBeGreaterThan(15);
  if (all) writeFileSync(join(root, 'docs/fidelity.md'), text);
});

function exception(file: string): Exception | undefined {
  return limits.exceptions.find((exception) => exception.file === file);
}

function table(rows: Row[], left: string[]): string {
  const within = rows.filter(({ outliers }) => outliers <= limits.outliers).length;
  const percent = (share: number): string => (100 * share).toFixed(2);
  const line = ({ file, page, outliers }: Row): string => {
    const why = outliers > limits.outliers ? (exception(file)?.why ?? 'new') : '';
    return `| ${file} | ${page} | ${percent(outliers)} | ${why} |`;
  };
  return [
    '# Fidelity',
    '',
    `The viewer beside native PDFium with the same fonts, at up to ${SHARP} %. A pixel is an outlier when a channel`,
    `differs by more than ${limits.tolerance} of 255. **${within} of ${rows.length} pages** have at most`,
    `${percent(limits.outliers)} % outliers. Made by \`EVOLUME_FIDELITY=all npx playwright test -c e2e -g "corpus look"\`.`,
    '',
    '| file | page | outliers, % | why |',
    '| --- | ---: | ---: | --- |',
    ...rows.map(line),
    '',
    ...(left.length > 0 ? ['Not compared:', '', ...left.map((name) => `- ${name}`), ''] : []),
  ].join('\n');
}
