// The real `evolume`: ingest of a case folder, and a server on a free port.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { CaseSummary } from '../../pkg/src/generated/index.ts';

const root = resolve(import.meta.dirname, '../..');
export const evolume = process.env.EVOLUME ?? join(root, 'target/release/evolume');

/** `evolume ingest` ends with this when it refused a file. */
const SOME_REFUSED = 3;

type Case = {
  number: string;
  title: string;
  court: string;
  volumes: { folder: string; title: string; class: string }[];
};

/** A new folder that nobody else uses. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'evolume-e2e-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** The folder of the sample case, or of another one of the same shape. */
export const corpus = process.env.EVOLUME_CASE ?? join(root, 'tests/corpus/sample');

/** Takes the sample case into a data folder. */
export function ingestSample(data: string): void {
  const sample = JSON.parse(readFileSync(join(corpus, 'case.json'), 'utf8')) as Case;
  for (const volume of sample.volumes) {
    const { status, stderr } = spawnSync(
      evolume,
      [
        ...['ingest', '--data', data, '--case', sample.number, '--case-title', sample.title],
        ...['--court', sample.court, '--volume', volume.title, '--class', volume.class],
        join(corpus, volume.folder),
      ],
      { encoding: 'utf8', maxBuffer: 1 << 26 },
    );
    if (status !== 0 && status !== SOME_REFUSED) throw new Error(`ingest failed: ${stderr}`);
  }
}

/** Takes files into a volume; all must be taken. */
export function ingest(
  data: string,
  number: string,
  volume: string,
  volumeClass: string,
  files: string[],
  options: string[] = [],
): void {
  const { status, stderr } = spawnSync(
    evolume,
    [
      ...['ingest', '--data', data, '--case', number, '--volume', volume],
      ...['--class', volumeClass, ...options, ...files],
    ],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (status !== 0) throw new Error(`ingest failed: ${stderr}`);
}

/** Takes one file into a data folder, as a volume of its own. */
export function ingestFile(data: string, volume: string, file: string): void {
  ingest(data, '大卷', volume, 'main', [file]);
}

/** Makes a volume of many pages by repeating another one's materials; its id. */
export function repeatVolume(data: string, volume: string, pages: number): string {
  const { status, stdout, stderr } = spawnSync(
    join(dirname(evolume), 'examples/repeat_volume'),
    [data, volume, pages.toString()],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`repeat_volume failed: ${stderr}`);
  return stdout.trim();
}

/** Reads the scans of a folder by OCR, to the end. */
export function readScans(data: string): void {
  const { status, stderr } = spawnSync(evolume, ['ocr', '--data', data], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ocr failed: ${stderr}`);
}

export class Server {
  readonly url: string;
  readonly data: string;
  readonly #process: ChildProcess;

  private constructor(data: string, url: string, process: ChildProcess) {
    this.data = data;
    this.url = url;
    this.#process = process;
  }

  /** Starts on a port of its own, or on a given one, without OCR; ready when this resolves. */
  static async start(data: string, port = 0): Promise<Server> {
    const args = ['serve', '--no-ocr', '--sample-users', '--data', data, '--port', port.toString()];
    const child = spawn(evolume, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000);
    });
    const url = await new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the server ended (${String(code)}): ${log}`)));
      createInterface(child.stdout).on('line', (line) => {
        const found = /http:\/\/\S+/.exec(line);
        if (found) resolve(found[0].replace(/\/$/, ''));
      });
    });
    return new Server(data, url, child);
  }

  /** Starts over a copy of another data folder, to be broken. */
  static async startOnCopy(of: string): Promise<Server> {
    const data = temporaryFolder();
    cpSync(of, data, { recursive: true });
    return Server.start(data);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Ends this one process and waits until it is gone. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill(signal);
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  }
}

/** The server's list. */
export async function cases(server: string): Promise<CaseSummary[]> {
  return (await (await fetch(`${server}/api/v1/cases`)).json()) as CaseSummary[];
}
