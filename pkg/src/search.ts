// The page's side of the search worker: one search at a time, its results material by material.
import { EvolumeError } from './error.ts';
import {
  type Closeness,
  type Code,
  type Filter,
  type Hit,
  type Manifest,
  type PageRef,
  SCHEMA_VERSION,
  type SearchReply,
  type SearchRequest,
  type Snippet,
} from './generated/index.ts';
import { Numbering } from './numbering.ts';
import workerUrl from './search.worker.ts?worker&url';

/** A page with matches: start and end of each in characters of its text, the exact ones first. */
export type PageHit = {
  /** Its number when it was found. */
  page: number;
  at: PageRef;
  matches: [number, number][];
  /** How many of the matches are exact. */
  exact: number;
  closeness: Closeness;
  snippet: Snippet;
};

/** How to search, beside the query. */
export type How = {
  filter?: Partial<Filter>;
  /** Also what has one wrong, missing or surplus character in a phrase of three or more. */
  tolerant?: boolean;
  /** Pages with marks, by the material's id and their indexes in it, for queries that ask for them. */
  marked?: readonly { material: string; pages: number[] }[];
};

const ANYWHERE: Filter = { materials: [], categories: [], pages: null, days: null, marked: false };

/** What one material gave; a problem says why it could not be searched. */
export type Found = { material: number; hits: PageHit[]; problem: Code | null };

/** The worker's number for the one volume that is open. */
const VOLUME = 0;

export class Searcher {
  #manifest: Manifest;
  readonly #base: string;
  #numbering: Numbering;
  #worker: Promise<Worker> | null = null;
  #jobs = 0;
  #run: Run | null = null;

  /** `base` is the volume's absolute address; `addresses` say where blobs lie instead, by SHA-256. */
  constructor(manifest: Manifest, base: string, addresses: Record<string, string> = {}) {
    this.#manifest = manifest;
    const index = manifest.materials[0]?.index?.blob.sha256 ?? '';
    // A reader's own file has one index; what follows the sign is no part of its address.
    this.#base = index in addresses ? `${addresses[index] ?? ''}#` : base;
    this.#numbering = Numbering.of(manifest);
  }

  /** Starts the worker ahead of need. */
  prepare(): void {
    // A failure is told by the search, which tries anew.
    this.#start().catch(() => undefined);
  }

  /** Another manifest of the volume: the next search is in it. */
  revise(manifest: Manifest): void {
    this.#manifest = manifest;
    this.#numbering = Numbering.of(manifest);
    // One that does not start tells the search that needs it.
    this.#worker?.then((worker) => this.#open(worker)).catch(() => undefined);
  }

  /** Every material in reading order. A newer search, or the signal, ends this one without an error. */
  async *search(
    query: string,
    signal?: AbortSignal,
    { filter, tolerant = false, marked = [] }: How = {},
  ): AsyncGenerator<Found, void> {
    this.#run?.end();
    const run = new Run(++this.#jobs);
    this.#run = run;
    signal?.addEventListener('abort', () => run.end(), { once: true });
    const worker = await this.#start();
    if (signal?.aborted) run.end();
    if (run.ended) return;
    // What is found is of these materials, whatever comes meanwhile.
    const { materials } = this.#manifest;
    send(worker, {
      type: 'search',
      job: run.job,
      volumes: [VOLUME],
      query,
      filter: { ...ANYWHERE, ...filter },
      tolerant,
      marked: marked.map((pages) => ({ volume: VOLUME, ...pages })),
    });
    try {
      for (let reply = await run.next(); reply; reply = await run.next()) {
        if (reply.type === 'refused') throw new EvolumeError(reply.code);
        if (reply.type === 'found')
          yield this.#found(reply.material, materials[reply.material]?.id ?? '', reply.hits);
        if (reply.type === 'missed') {
          yield { material: reply.material, hits: [], problem: reply.code };
        }
        if (reply.type === 'done') return;
      }
    } finally {
      run.end();
      send(worker, { type: 'cancel', job: run.job });
    }
  }

  destroy(): void {
    this.#run?.end();
    this.#worker?.then((worker) => worker.terminate()).catch(() => undefined);
    this.#worker = null;
  }

  #found(material: number, id: string, hits: Hit[]): Found {
    const numbered = hits.flatMap((hit) => {
      const at = { material: id, index: hit.page };
      const page = this.#numbering.number(at);
      return page === null ? [] : [{ ...hit, page, at }];
    });
    return { material, hits: numbered, problem: null };
  }

  #start(): Promise<Worker> {
    this.#worker ??= this.#boot().catch((error: unknown) => {
      this.#worker = null;
      throw error;
    });
    return this.#worker;
  }

  async #boot(): Promise<Worker> {
    const worker = new Worker(new URL(workerUrl, document.baseURI), { type: 'module' });
    await new Promise<void>((ready, failed) => {
      const die = (code: Code): void => {
        worker.terminate();
        const error = new EvolumeError(code);
        failed(error);
        this.#worker = null;
        this.#run?.fail(error);
      };
      worker.onerror = () => die('search.failed');
      worker.onmessage = ({ data }: MessageEvent<string | { fatal: Code }>) => {
        if (typeof data !== 'string') return die(data.fatal);
        const reply = JSON.parse(data) as SearchReply;
        if (reply.type === 'ready') ready();
        else if (reply.job === this.#run?.job) this.#run.take(reply);
      };
    });
    this.#open(worker);
    return worker;
  }

  /** Tells the worker what there is to search. */
  #open(worker: Worker): void {
    const materials = this.#manifest.materials.map(({ id, title, category, pages, index }) => ({
      id,
      title,
      category,
      pages: pages.length,
      index: index?.schema === SCHEMA_VERSION ? index.blob : null,
      at: index?.at ?? null,
    }));
    const bundle = this.#manifest.bundle ?? null;
    send(worker, { type: 'open', volume: VOLUME, base: this.#base, bundle, materials });
  }
}

type Reply = Exclude<SearchReply, { type: 'ready' }>;

/** The replies to one search, in the order in which they come. */
class Run {
  readonly job: number;
  ended = false;
  readonly #replies: Reply[] = [];
  #error: EvolumeError | null = null;
  #wake: (() => void) | null = null;

  constructor(job: number) {
    this.job = job;
  }

  take(reply: Reply): void {
    this.#replies.push(reply);
    this.#wake?.();
  }

  /** Nobody waits any more. */
  end(): void {
    this.ended = true;
    this.#wake?.();
  }

  fail(error: EvolumeError): void {
    this.#error = error;
    this.#wake?.();
  }

  /** The next reply; null when the search has been ended. */
  async next(): Promise<Reply | null> {
    for (;;) {
      if (this.ended) return null;
      const reply = this.#replies.shift();
      if (reply) return reply;
      if (this.#error) throw this.#error;
      await new Promise<void>((wake) => (this.#wake = wake));
    }
  }
}

function send(worker: Worker, request: SearchRequest): void {
  worker.postMessage(JSON.stringify(request));
}
