// The way to a search: its code and its worker are loaded by the first one, which needs the whole manifest.
import type { Manifest } from './generated/index.ts';
import type { LocalVolume } from './local.ts';
import type { Growth } from './opening/growing.ts';
import type { Found, How, Searcher } from './search.ts';

export class Searching {
  readonly #growth: Growth;
  /** The volume's address, absolute. */
  readonly #base: string;
  readonly #local: LocalVolume | undefined;
  readonly #closing: AbortSignal;
  #searcher: Searcher | null = null;
  /** Searches begun so far. */
  #calls = 0;

  constructor(growth: Growth, base: string, local: LocalVolume | undefined, closing: AbortSignal) {
    this.#growth = growth;
    this.#base = base;
    this.#local = local;
    this.#closing = closing;
    closing.addEventListener('abort', () => this.#searcher?.destroy(), { once: true });
  }

  /** Gives what was found material by material. A newer search, or the signal, ends it without an error. */
  async *search(query: string, signal?: AbortSignal, how?: How): AsyncGenerator<Found, void> {
    // Loading may let a newer call overtake this one.
    const call = ++this.#calls;
    const searcher = await this.#load();
    if (searcher && call === this.#calls) yield* searcher.search(query, signal, how);
  }

  /** Loads what a search needs, ahead of it. */
  async prepare(): Promise<void> {
    (await this.#load())?.prepare();
  }

  /** Another manifest of the volume: the next search is in it. */
  revise(manifest: Manifest): void {
    this.#searcher?.revise(manifest);
  }

  /** Null when the viewer has ended, or the manifest does not come. */
  async #load(): Promise<Searcher | null> {
    const whole = this.#growth.whole().catch(() => null);
    const [{ Searcher }] = await Promise.all([
      import('./search.ts'),
      whole,
      this.#local?.searchable,
    ]);
    // Of a reader's own file the texts are known by now.
    const known = this.#local?.manifest ?? this.#growth.manifest;
    if (this.#closing.aborted || !known) return null;
    this.#searcher ??= new Searcher(known, this.#base, this.#local?.addresses);
    return this.#searcher;
  }
}
