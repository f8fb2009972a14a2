// How quickly scans are read: the sample case's, on one core.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { program } from './documents.mjs';

const sample = resolve(import.meta.dirname, '../../tests/corpus/sample');

/** Pages a minute; null where Tesseract is missing. */
export function readScans() {
  const data = mkdtempSync(join(tmpdir(), 'evolume-ocr-'));
  const run = (...args) => {
    const { status, stdout, stderr } = spawnSync(program, [...args, '--data', data, '--json'], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    // Some of the sample's files are refused on purpose.
    if (status !== 0 && status !== 3) throw new Error(stderr);
    return stdout;
  };
  try {
    for (const { title, folder } of JSON.parse(readFileSync(join(sample, 'case.json'))).volumes)
      run('ingest', '--case', 'ocr', '--volume', title, join(sample, folder));
    const start = performance.now();
    const { pages } = JSON.parse(run('ocr', '--ocr-jobs', '1'));
    return pages > 0 ? (pages * 60_000) / (performance.now() - start) : null;
  } finally {
    rmSync(data, { recursive: true });
  }
}
