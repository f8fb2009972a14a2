// A reader's own PDF as a volume, without a server: the file stays in the browser, and nothing of it is sent.
import { EvolumeError } from './error.ts';
import type { Code, Manifest } from './generated/index.ts';
import { type Counted, counted, type Loaded } from './opening/known.ts';
import type { LocalBlobs, LocalReply, LocalRequest } from './local.worker.ts';
import workerUrl from './local.worker.ts?worker&url';
import { allowPdfium, compilePdfium } from './workers.ts';

/** Bytes. PDFium holds a file twice, and each worker for itself. */
export const LOCAL_LIMIT = 128 << 20;
/** A larger file is drawn from by one worker only. */
const ALONE = 16 << 20;
/** A PDF says what it is within its first bytes. */
const HEAD = 1024;

/** Tells by `revise` that more is known of the same pages. */
export class LocalVolume extends EventTarget implements Loaded {
  manifest: Manifest;
  readonly whole = null;
  /** Where blobs lie, by SHA-256. */
  readonly addresses: Record<string, string> = {};
  /** Resolves when its texts can be searched. */
  readonly searchable: Promise<void>;
  /** The manifest. */
  #json: string;
  readonly #file: File;
  readonly #password: string | undefined;
  readonly #worker: Worker;

  constructor(file: File, password: string | undefined, worker: Worker, manifest: string) {
    super();
    this.#file = file;
    this.#password = password;
    this.#worker = worker;
    this.#json = manifest;
    this.manifest = JSON.parse(manifest) as Manifest;
    for (const { original } of this.manifest.materials) this.#put([[original.sha256, file]]);
    this.searchable = new Promise((done, failed) => {
      worker.onmessage = ({ data }: MessageEvent<LocalReply>) => {
        if (data.type !== 'revised') return failed(new EvolumeError('search.failed'));
        this.#put(data.blobs);
        this.#json = data.manifest;
        this.manifest = JSON.parse(data.manifest) as Manifest;
        done();
        // It holds the file, which is not needed there any more.
        if (data.last) worker.terminate();
        this.dispatchEvent(new Event('revise'));
      };
      worker.onerror = () => failed(new EvolumeError('search.failed'));
    });
    // Told by the search that awaits it.
    this.searchable.catch(() => undefined);
  }

  get materials(): readonly Counted[] {
    return counted(this.manifest);
  }

  /** The manifest as JSON. */
  get bytes(): Uint8Array {
    return new TextEncoder().encode(this.#json);
  }

  /** As what an engine is opened with. */
  get excerpt(): Uint8Array {
    return new TextEncoder().encode(`{"manifest":${this.#json}}`);
  }

  /** How an engine is set up for it. */
  get config(): object {
    return {
      addresses: this.addresses,
      password: this.#password,
      ...(this.#file.size > ALONE && { workers: 1 }),
    };
  }

  /** Lets the file go. */
  close(): void {
    this.#worker.terminate();
    for (const address of Object.values(this.addresses)) URL.revokeObjectURL(address);
  }

  #put(blobs: LocalBlobs): void {
    for (const [sha256, blob] of blobs) this.addresses[sha256] ??= URL.createObjectURL(blob);
  }
}

/**
 * Opens a PDF; `ask` is called for its password, with whether the last one was wrong, and gives it up by null.
 * Fails with an `EvolumeError`.
 */
export async function openLocal(
  file: File,
  ask: (wrong: boolean) => Promise<string | null>,
): Promise<LocalVolume | null> {
  await examine(file);
  allowPdfium();
  for (let password: string | undefined; ;) {
    const reply = await attempt(file, password);
    if (reply instanceof LocalVolume) return reply;
    if (reply !== 'pdf.password_required' && reply !== 'pdf.password_wrong')
      throw new EvolumeError(reply);
    const answer = await ask(reply === 'pdf.password_wrong');
    if (answer === null) return null;
    password = answer;
  }
}

/** Each attempt has a worker of its own: what a refused file leaves behind goes with it. */
async function attempt(file: File, password: string | undefined): Promise<LocalVolume | Code> {
  const worker = new Worker(new URL(workerUrl, document.baseURI), { type: 'module' });
  try {
    send(worker, { type: 'start', pdfium: await compilePdfium() });
    const reply = await opened(worker, file, password);
    if (reply.type === 'opened') return new LocalVolume(file, password, worker, reply.manifest);
    worker.terminate();
    return reply.code;
  } catch (cause) {
    worker.terminate();
    throw EvolumeError.from(cause, 'pdf.damaged');
  }
}

async function examine(file: File): Promise<void> {
  if (file.size === 0) throw new EvolumeError('file.empty');
  if (file.size > LOCAL_LIMIT) throw new EvolumeError('file.too_large');
  let head: string;
  try {
    head = await file.slice(0, HEAD).text();
  } catch (cause) {
    throw new EvolumeError('file.unreadable', { cause });
  }
  if (!head.includes('%PDF-')) throw new EvolumeError('file.unsupported');
}

type Opened = Extract<LocalReply, { type: 'opened' | 'refused' }>;

function opened(worker: Worker, file: File, password: string | undefined): Promise<Opened> {
  return new Promise((done, failed) => {
    worker.onerror = () => failed(new EvolumeError('pdf.damaged'));
    worker.onmessage = ({ data }: MessageEvent<LocalReply>) => {
      if (data.type === 'opened' || data.type === 'refused') done(data);
      else failed(new Error(data.type === 'broken' ? data.cause : data.type));
    };
    send(worker, { type: 'open', file, password });
  });
}

function send(worker: Worker, request: LocalRequest): void {
  worker.postMessage(request);
}
