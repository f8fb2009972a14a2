// Evolume beside PDF.js, EmbedPDF's engine and MuPDF: one browser, interleaved runs, ratios to PDF.js.
// usage: cargo xtask bench [--runs=5] [--docs=small,vol,scan] [--nets=local,50mbit] [--viewers=...] [--phases=cold,warm,memory,search,case,fling,ocr]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rendererMegabytes, withBrowser } from './browser.mjs';
import { enlarge } from './case.mjs';
import { findDocuments, ingest, start } from './documents.mjs';
import { evolume } from './evolume.mjs';
import { readScans } from './ocr.mjs';
import { peer } from './peer.mjs';
import { serve } from './server.mjs';

const PEERS = ['pdfjs', 'embedpdf', 'mupdf'];
const options = Object.fromEntries(
  process.argv.slice(2).map((arg) => arg.replace(/^--/, '').split('=')),
);
const list = (name, all) => options[name]?.split(',') ?? all;
const runs = Number(options.runs ?? 5);
const phases = list('phases', ['cold', 'warm', 'memory', 'search', 'case', 'fling', 'ocr']);
const nets = list('nets', ['local', '50mbit']);
const names = list('viewers', ['evolume', ...PEERS]);
const target = resolve(import.meta.dirname, '../../target/bench');

const samples = new Map();
function note(doc, net, viewer, metrics) {
  for (const [metric, value] of Object.entries(metrics)) {
    const key = JSON.stringify({ doc, net, metric, viewer });
    samples.set(key, [...(samples.get(key) ?? []), value]);
  }
  const shown = Object.entries(metrics).map(([metric, value]) => `${metric} ${value.toFixed(1)}`);
  console.log(`${doc} ${net} ${viewer}: ${shown.join(', ')}`);
}

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** `count` pages spread over the volume. */
const spread = (pages, count, shift) =>
  Array.from({ length: Math.min(count, pages) }, (_, i) =>
    Math.min(pages, 1 + shift + Math.floor(((i + 0.5) * pages) / count)),
  );

async function warm(viewer, doc) {
  await withBrowser(async (page) => {
    const pages = await viewer.open(page, doc);
    note(doc, 'local', viewer.name, {
      page_15_ms: median(await viewer.pages(page, spread(pages, 30, 0), 150)),
      page_30_ms: median(await viewer.pages(page, spread(pages, 30, 3), 300)),
    });
  });
  await withBrowser(async (page) => {
    const pages = await viewer.open(page, doc);
    const windows = [
      [0, 0],
      [0, 1100],
      [0, 2200],
    ];
    const [first, ...next] = await viewer.zoom(page, Math.ceil(pages / 2), windows);
    note(doc, 'local', viewer.name, { zoom400_first_ms: first, zoom400_next_ms: median(next) });
  });
}

async function memory(viewer, doc) {
  await withBrowser(async (page, folder) => {
    const pages = await viewer.open(page, doc);
    await viewer.pages(
      page,
      Array.from({ length: Math.min(100, pages) }, (_, i) => i + 1),
      150,
    );
    note(doc, 'local', viewer.name, { rss_mb_100: rendererMegabytes(folder) });
  });
}

/** The first query finds nothing of search loaded; the others come after it. All hits of each are wanted. */
const QUERIES = ['借名登記', '不當得利', '監視器畫面', '金融帳戶'];

async function search(viewer, doc) {
  await withBrowser(async (page) => {
    await viewer.open(page, doc);
    const [cold, ...warm] = await viewer.search(page, QUERIES);
    note(doc, 'local', viewer.name, {
      search_cold_first_ms: cold.first,
      search_cold_ms: cold.ms,
      search_warm_first_ms: median(warm.map(({ first }) => first)),
      search_warm_ms: median(warm.map(({ ms }) => ms)),
      search_hits: cold.hits,
    });
  });
}

/** The first hit of a case of 10,000 pages once its index is there, and all of them. */
async function case_(viewer, doc) {
  await withBrowser(async (page) => {
    if (!(await enlarge(page, join(target, 'case.index')))) return;
    await viewer.open(page, doc);
    const [cold, ...warm] = await viewer.search(page, QUERIES);
    note(doc, 'local', viewer.name, {
      case_cold_first_ms: cold.first,
      case_first_ms: median(warm.map(({ first }) => first)),
      case_all_ms: median(warm.map(({ ms }) => ms)),
    });
  });
}

function report() {
  const rows = [...samples].map(([key, values]) => ({
    ...JSON.parse(key),
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    n: values.length,
  }));
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'report.json'), `${JSON.stringify(rows, null, 1)}\n`);
  const of = (row, viewer) =>
    rows.find(
      (r) =>
        r.doc === row.doc && r.net === row.net && r.metric === row.metric && r.viewer === viewer,
    );
  console.log('\n| document | network | metric | evolume | pdf.js | ratio | embedpdf | mupdf |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const row of rows.filter(
    (r) => r.viewer === (names.includes('evolume') ? 'evolume' : names[0]),
  )) {
    const digits = ({ median }) => median.toFixed(median < 10 ? 2 : 0);
    const cell = (viewer) => (of(row, viewer) ? digits(of(row, viewer)) : '–');
    const base = of(row, 'pdfjs');
    const ratio = base?.median ? (row.median / base.median).toFixed(2) : '–';
    const cells = [
      row.doc,
      row.net,
      row.metric,
      cell('evolume'),
      cell('pdfjs'),
      ratio,
      cell('embedpdf'),
      cell('mupdf'),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

const documents = findDocuments(list('docs', ['small', 'vol', 'scan']));
const data = join(target, 'data');
const volumes = ingest(documents, data);
const origin = await start(data);
const server = await serve(origin.url, documents);
const viewers = names.map((name) =>
  name === 'evolume' ? evolume(server, volumes) : peer(name, server),
);
let failures = 0;
async function attempt(what, run) {
  try {
    await run();
  } catch (error) {
    failures += 1;
    console.error(`FAILED ${what}: ${error.message}`);
  }
}
try {
  // Interleaved, so that the machine's noise falls on all alike.
  for (let run = 0; run < runs; run++) {
    for (const doc of Object.keys(documents)) {
      for (const viewer of viewers) {
        for (const net of phases.includes('cold') ? nets : []) {
          await attempt(`cold ${doc} ${net} ${viewer.name}`, () =>
            withBrowser(async (page) =>
              note(doc, net, viewer.name, await viewer.cold(page, doc, net)),
            ),
          );
        }
        server.reset('local');
        if (doc === 'small') continue;
        if (phases.includes('warm'))
          await attempt(`warm ${doc} ${viewer.name}`, () => warm(viewer, doc));
        if (phases.includes('memory'))
          await attempt(`memory ${doc} ${viewer.name}`, () => memory(viewer, doc));
        if (phases.includes('search') && doc === 'vol' && viewer.search)
          await attempt(`search ${doc} ${viewer.name}`, () => search(viewer, doc));
        if (phases.includes('case') && doc === 'vol' && viewer.name === 'evolume')
          await attempt(`case ${doc}`, () => case_(viewer, doc));
        if (phases.includes('fling') && viewer.fling)
          await attempt(`fling ${doc} ${viewer.name}`, () =>
            withBrowser(async (page) =>
              note(doc, 'local', viewer.name, await viewer.fling(page, doc)),
            ),
          );
      }
    }
    if (phases.includes('ocr') && names.includes('evolume'))
      await attempt('ocr', () => {
        const pages = readScans();
        if (pages === null) console.log('skipped: no page was read, Tesseract may be missing');
        else note('sample', 'local', 'evolume', { ocr_pages_per_core_minute: pages });
      });
    report();
  }
} finally {
  server.close();
  origin.stop();
}
process.exitCode = failures ? 1 : 0;
