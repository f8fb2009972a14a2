// Conformance of the search in the browser: the cases and the index bytes of `tests/search`, through the real
// worker, must give what they give natively.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Manifest, MANIFEST_FORMAT, SCHEMA_VERSION } from '../../pkg/src/generated/index.ts';
import type { Filter, PageHit } from '../../pkg/src/index.ts';
import { Harness } from '../support/harness.ts';
import { pdf } from '../support/pdf.ts';
import { cases, ingest, removeFolder, Server, temporaryFolder } from '../support/server.ts';
import { expect, test } from '../support/test.ts';

type Case = {
  query: string;
  tolerant?: boolean;
  filter?: Partial<Filter>;
  hits?: [number, ...string[]][];
  error?: string;
};

const folder = resolve(import.meta.dirname, '../../tests/search');
const suite = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as {
  pages: string[];
  cases: Case[];
};
const { pages } = suite;
const index = readFileSync(join(folder, `cases.v${SCHEMA_VERSION}.index`));

/** A volume whose pages cannot be shown and can be searched. */
function manifest(): Manifest {
  const blob = { sha256: createHash('sha256').update(index).digest('hex'), bytes: index.length };
  const page = { width: 595, height: 842, problem: 'page.broken' } as const;
  const material = {
    id: 'cases',
    title: 'cases',
    category: 'other',
    original: blob,
    media_type: 'application/pdf',
    file_name: 'cases.pdf',
    pages: pages.map(() => page),
    parts: [],
    sheets: [],
    outline: [],
    index: { schema: SCHEMA_VERSION, blob },
  } as unknown as Manifest['materials'][number];
  return {
    format: MANIFEST_FORMAT,
    volume: 'cases',
    revision: 1,
    case_number: '',
    case_title: '',
    title: 'cases',
    class: 'main',
    materials: [material],
  };
}

test('every case finds what it says', async ({ page, server }) => {
  await page.route('**/volumes/cases/pages/1/excerpt', (route) =>
    route.fulfill({ json: { manifest: manifest() } }),
  );
  await page.route('**/volumes/cases/blobs/*', (route) => route.fulfill({ body: index }));
  await Harness.open(page, server, 'cases');
  const marked = [{ material: 'cases', pages: [3] }];
  for (const { query, tolerant = false, filter = {}, hits, error } of suite.cases) {
    const found = await page.evaluate(
      async ({ query, how }) => {
        const hits: PageHit[] = [];
        try {
          for await (const found of window.opened.viewer.search(query, undefined, how)) {
            if (found.problem) return found.problem;
            hits.push(...found.hits);
          }
        } catch (cause) {
          return (cause as { code?: string }).code ?? String(cause);
        }
        return hits;
      },
      { query, how: { tolerant, filter, marked } },
    );
    const written = Array.isArray(found) ? ranked(found).map(write) : found;
    expect(written, `the query “${query}”`).toEqual(error ?? hits);
  }
});

const CLOSENESS = ['exact', 'confusable', 'near'];

function ranked(hits: PageHit[]): PageHit[] {
  return hits.toSorted((a, b) => CLOSENESS.indexOf(a.closeness) - CLOSENESS.indexOf(b.closeness));
}

/** As the cases write it: the page, then every match, `≈` before those that are not exact. */
function write({ page, matches, exact }: PageHit): (number | string)[] {
  // Matches count code points, as this does.
  const text = Array.from(pages[page - 1] ?? '');
  const written = matches.map(
    ([start, end], at) => (at < exact ? '' : '≈') + text.slice(start, end).join(''),
  );
  return [page - 1, ...written];
}

test('any part of any page is found on it', async ({ page, server }) => {
  await page.route('**/volumes/cases/pages/1/excerpt', (route) =>
    route.fulfill({ json: { manifest: manifest() } }),
  );
  await page.route('**/volumes/cases/blobs/*', (route) => route.fulfill({ body: index }));
  await Harness.open(page, server, 'cases');
  const lost = await page.evaluate(async (pages) => {
    const lost: string[] = [];
    let asked = 0;
    const finds = async (part: string, page: number): Promise<boolean> => {
      for await (const found of window.opened.viewer.search(part)) {
        if (found.hits.some((hit) => hit.page === page)) return true;
      }
      return false;
    };
    for (const [at, text] of pages.entries()) {
      const chars = Array.from(text);
      for (const length of [2, 5, 11]) {
        for (let from = 0; from + length <= chars.length; from += 3) {
          const part = chars.slice(from, from + length).join('');
          if (!/[\p{L}\p{N}○]/u.test(part)) continue;
          asked += 1;
          if (!(await finds(part, at + 1))) lost.push(`${part} (${at})`);
        }
      }
    }
    return { lost, asked };
  }, pages);
  expect(lost.lost).toEqual([]);
  expect(lost.asked).toBeGreaterThan(250);
});

test('a newer search ends the one before it', async ({ page, server }) => {
  await page.route('**/volumes/cases/pages/1/excerpt', (route) =>
    route.fulfill({ json: { manifest: manifest() } }),
  );
  await page.route('**/volumes/cases/blobs/*', (route) => route.fulfill({ body: index }));
  await Harness.open(page, server, 'cases');
  const counts = await page.evaluate(async () => {
    const count = async (query: string): Promise<number> => {
      let pages = 0;
      for await (const found of window.opened.viewer.search(query)) pages += found.hits.length;
      return pages;
    };
    return Promise.all([count('张三'), count('法院'), count('好好')]);
  });
  expect(counts).toEqual([0, 0, 1]);
});

test('the indexes of many small materials come in one request; a damaged one is fetched by itself', async ({
  page,
}) => {
  const data = temporaryFolder();
  const helvetica = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>';
  const extra = '/Resources<</Font<</F1 5 0 R>>>>';
  const files = Array.from({ length: 40 }, (_, n) => {
    const content = `BT /F1 24 Tf 72 720 Td (material number ${n}) Tj ET`;
    const file = join(data, `${String(n).padStart(2, '0')}.pdf`);
    writeFileSync(file, pdf([{ size: [595, 842], content, extra }], [helvetica]));
    return file;
  });
  ingest(data, '1', 'many', 'main', files);
  // Made beside the server once it is there.
  const own = await Server.start(data);
  try {
    const volume = (await cases(own.url))[0]?.volumes[0]?.id ?? '';
    const read = async (): Promise<Manifest> =>
      (await (await fetch(`${own.url}/api/v1/volumes/${volume}/manifest`)).json()) as Manifest;
    await expect.poll(async () => (await read()).bundle?.bytes ?? 0).toBeGreaterThan(0);
    const { bundle, materials } = await read();
    const indexes = materials.map(({ index }) => index?.blob.sha256 ?? '');
    let broken = false;
    const asked: string[] = [];
    await page.route('**/blobs/*', async (route) => {
      const name = new URL(route.request().url()).pathname.split('/').pop() ?? '';
      if (indexes.includes(name)) asked.push(name);
      if (name !== bundle?.sha256) return route.continue();
      asked.push('bundle');
      const response = await route.fetch();
      const body = await response.body();
      const at = (materials[7]?.index?.at ?? 0) + 30;
      if (broken) body[at] = (body[at] ?? 0) ^ 1;
      await route.fulfill({ response, body });
    });
    const search = (): Promise<number[]> =>
      page.evaluate(async () => {
        const pages: number[] = [];
        for await (const found of window.opened.viewer.search('number')) {
          if (found.problem) throw new Error(found.problem);
          pages.push(...found.hits.map((hit) => hit.page));
        }
        return pages;
      });
    const all = Array.from({ length: 40 }, (_, n) => n + 1);
    await Harness.open(page, own.url, volume);
    expect(await search()).toEqual(all);
    expect(asked).toEqual(['bundle']);

    broken = true;
    asked.length = 0;
    await Harness.open(page, own.url, volume);
    expect(await search()).toEqual(all);
    expect(asked).toEqual(['bundle', indexes[7]]);
  } finally {
    await own.stop();
    removeFolder(data);
  }
});
