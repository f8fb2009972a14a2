// The documents of the benchmark: found beside the project or made, and taken into a data folder.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../..');
const made = join(root, 'target/bench/corpus');
const shared = resolve(root, '../shared/corpus');
export const program = process.env.EVOLUME ?? join(root, 'target/release/evolume');

/** Where each document may lie, the best first. */
const CANDIDATES = {
  small: [
    join(
      shared,
      'files/freelawproject+doctor/doctor/test_assets/recap_extract/gov.uscourts.cand.203070.27.0.pdf',
    ),
    join(root, 'tests/corpus/sample/正卷/03 民事起诉状.pdf'),
  ],
  vol: [join(shared, 'synthetic/vol1000.pdf'), join(made, 'vol1000.pdf')],
  scan: [join(shared, 'synthetic/scan300.pdf'), join(made, 'scan300.pdf')],
};

/** Name -> file, of those that exist; prints what is skipped. */
export function findDocuments(names) {
  const found = {};
  for (const name of names) {
    const file = CANDIDATES[name]?.find((candidate) => existsSync(candidate));
    if (file) found[name] = file;
    else console.log(`skipped: ${name} (make it with \`cargo xtask sample --big\`)`);
  }
  return found;
}

/** Takes the documents in, each a volume of its own; answers name -> volume id. */
export function ingest(documents, data) {
  for (const [name, file] of Object.entries(documents)) {
    const args = [
      'ingest',
      '--data',
      data,
      '--case',
      'bench',
      '--volume',
      name,
      '--class',
      'main',
      file,
    ];
    const { status } = spawnSync(program, args, { stdio: 'inherit' });
    if (status !== 0) throw new Error(`ingest of ${file} ended with ${status}`);
  }
  const list = spawnSync(program, ['list', '--data', data, '--json'], { encoding: 'utf8' });
  const cases = JSON.parse(list.stdout);
  return Object.fromEntries(
    cases.flatMap((one) => one.volumes.map((volume) => [volume.title, volume.id])),
  );
}

/** Starts the server; answers its address and how to stop it. */
export async function start(data) {
  const child = spawn(program, ['serve', '--no-ocr', '--data', data, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await new Promise((done, fail) => {
    child.once('exit', (code) => fail(new Error(`the server ended with ${code}`)));
    createInterface(child.stdout).on('line', (line) => {
      const found = /http:\/\/\S+/.exec(line);
      if (found) done(found[0].replace(/\/$/, ''));
    });
  });
  return { url, stop: () => child.kill('SIGTERM') };
}
