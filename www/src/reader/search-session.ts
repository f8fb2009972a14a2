// A search of the open volume: what was found so far, and which hit the reader is at.
import { type Code, EvolumeError, type EvolumeViewer, type PageHit } from 'evolume';

/** A page with hits, and how many hits the pages before it have. */
export type HitPage = PageHit & { material: number; before: number };

/** The reader's hit: a page by its place in the list, and which of the page's hits, from 0. */
type Current = { at: number; nth: number };

/** Tells by `change` that something is new, at most once a frame; by `leave` that it is about to go to a hit. */
export class SearchSession extends EventTarget {
  query = '';
  pages: HitPage[] = [];
  /** Hits on all pages together. */
  hits = 0;
  running = false;
  /** Materials that could not be searched, with the reason of the first. */
  missed = 0;
  missedCode: Code | null = null;
  failure: Code | null = null;
  current: Current | null = null;
  readonly #viewer: EvolumeViewer;
  /** Other viewers of the volume, where the hits are painted too. */
  readonly #others = new Set<EvolumeViewer>();
  #shown = true;
  #stop: AbortController | null = null;
  #frame = 0;

  constructor(viewer: EvolumeViewer) {
    super();
    this.#viewer = viewer;
  }

  /** The number of the reader's hit among all, from 1. */
  get position(): number {
    const page = this.current && this.pages[this.current.at];
    return page && this.current ? page.before + this.current.nth + 1 : 0;
  }

  /** Looks for another query; what was found stays until the first of the new has come. */
  async search(query: string): Promise<void> {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.query = query;
    this.failure = null;
    this.running = query.trim() !== '';
    this.#changed();
    if (!this.running) {
      this.hide();
      return this.#clear();
    }
    let first = true;
    try {
      for await (const found of this.#viewer.search(query, stop.signal)) {
        if (first) this.#clear();
        for (const other of this.#others) {
          if (first) other.clearHits();
          other.showHits(found.hits);
        }
        first = false;
        if (found.problem) this.#miss(found.problem);
        for (const hit of found.hits) {
          this.pages.push({ ...hit, material: found.material, before: this.hits });
          this.hits += hit.matches.length;
        }
        this.#changed();
      }
      // Another search, or none, has taken its place.
      if (stop.signal.aborted) return;
    } catch (cause) {
      if (stop.signal.aborted) return;
      this.hide();
      this.#clear();
      this.failure = EvolumeError.from(cause, 'search.failed').code;
    }
    this.running = false;
    this.#changed();
  }

  /** Paints the hits in another viewer of the volume too; the answer ends it. */
  attach(viewer: EvolumeViewer): () => void {
    this.#others.add(viewer);
    if (this.#shown) viewer.showHits(this.pages);
    return () => this.#others.delete(viewer);
  }

  /** Paints what was found on the pages. */
  show(): void {
    this.#shown = true;
    for (const viewer of [this.#viewer, ...this.#others]) viewer.showHits(this.pages);
  }

  /** Paints nothing; what was found stays. */
  hide(): void {
    this.#shown = false;
    for (const viewer of [this.#viewer, ...this.#others]) viewer.clearHits();
  }

  /** Goes to a page's hit. */
  choose(at: number, nth = 0): void {
    const page = this.pages[at];
    if (!page) return;
    this.current = { at, nth };
    this.dispatchEvent(new Event('leave'));
    this.#viewer.goToHit(page.page, nth);
    this.#changed();
  }

  /** Goes to the next hit, or the one before; after the last comes the first. */
  step(way: 1 | -1): void {
    const count = this.pages.length;
    if (count === 0) return;
    if (!this.current) return this.choose(this.#nearest());
    const { at, nth } = this.current;
    const page = this.pages[at];
    if (page && nth + way >= 0 && nth + way < page.matches.length)
      return this.choose(at, nth + way);
    this.stepPage(way);
  }

  /** Goes to the next page with hits, or the one before. */
  stepPage(way: 1 | -1): void {
    const count = this.pages.length;
    if (count === 0) return;
    if (!this.current) return this.choose(this.#nearest());
    const at = (this.current.at + way + count) % count;
    this.choose(at, way === 1 ? 0 : (this.pages[at]?.matches.length ?? 1) - 1);
  }

  /** Ends it for good. */
  end(): void {
    this.#stop?.abort();
    cancelAnimationFrame(this.#frame);
  }

  /** The first page with hits from where the reader is. */
  #nearest(): number {
    const here = this.#viewer.status?.page ?? 1;
    return Math.max(
      0,
      this.pages.findIndex(({ page }) => page >= here),
    );
  }

  #clear(): void {
    this.pages = [];
    this.hits = 0;
    this.missed = 0;
    this.missedCode = null;
    this.current = null;
    this.#changed();
  }

  #miss(code: Code): void {
    this.missed += 1;
    this.missedCode ??= code;
  }

  #changed(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.dispatchEvent(new Event('change'));
    });
  }
}
