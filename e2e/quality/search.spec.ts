// Conformance of the search in the browser: the cases and the index bytes of `tests/search`, through the real
// worker, must give what they give natively.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Manifest, MANIFEST_FORMAT, SCHEMA_VERSION } from '../../pkg/src/generated/index.ts';
import type { PageHit } from '../../pkg/src/index.ts';
import { Harness } from '../support/harness.ts';
import { expect, test } from '../support/test.ts';

type Case = { query: string; hits?: [number, ...string[]][]; error?: boolean };

const folder = resolve(import.meta.dirname, '../../tests/search');
const { pages, cases } = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as {
  pages: string[];
  cases: Case[];
};
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
  await page.route('**/volumes/cases/manifest', (route) => route.fulfill({ json: manifest() }));
  await page.route('**/volumes/cases/blobs/*', (route) => route.fulfill({ body: index }));
  await Harness.open(page, server, 'cases');
  for (const { query, hits, error } of cases) {
    const found = await page.evaluate(async (query) => {
      const hits: PageHit[] = [];
      try {
        for await (const found of window.opened.viewer.search(query)) {
          if (found.problem) return found.problem;
          hits.push(...found.hits);
        }
      } catch (cause) {
        return (cause as { code?: string }).code ?? String(cause);
      }
      return hits;
    }, query);
    const written = Array.isArray(found)
      ? found.map(({ page, matches }) => {
          // Matches count code points, as this does.
          const text = Array.from(pages[page - 1] ?? '');
          return [page - 1, ...matches.map(([start, end]) => text.slice(start, end).join(''))];
        })
      : found;
    expect(written, `the query “${query}”`).toEqual(error ? 'search.query' : hits);
  }
});

test('a newer search ends the one before it', async ({ page, server }) => {
  await page.route('**/volumes/cases/manifest', (route) => route.fulfill({ json: manifest() }));
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
