// A search of the open volume: what was found so far, and which hit the reader is at.
import {
  type Closeness,
  type Code,
  EvolumeError,
  type EvolumeViewer,
  type How,
  type PageHit,
} from 'evolume';

/** A page with hits, and how many hits the pages before it have. */
export type HitPage = PageHit & { material: number; before: number };

/** The reader's hit: a page by its place in the list, and which of the page's hits, from 0. */
type Current = { at: number; nth: number };

/** Pages with marks, by material. */
type Marked = NonNullable<How['marked']>;

/** The closest come first. */
const RANKS: readonly Closeness[] = ['exact', 'confusable', 'near'];

/** Tells by `change` that something is new, at most once a frame; by `leave` that it is about to go to a hit. */
export class SearchSession extends EventTarget {
  query = '';
  how: How = {};
  /** Exact ones first, then those that are only nearly what was looked for; each in reading order. */
  pages: HitPage[] = [];
  /** Hits on all pages together. */
  hits = 0;
  running = false;
  /** Materials that could not be searched, with the reason of the first. */
  missed = 0;
  missedCode: Code | null = null;
  failure: Code | null = null;
  /** More is known of the pages than when it was searched. */
  stale = false;
  current: Current | null = null;
  /** Where the reader sees marks. */
  marked: () => Marked = () => [];
  readonly #viewer: EvolumeViewer;
  #ranked: HitPage[][] = RANKS.map(() => []);
  /** Other viewers of the volume, where the hits are painted too. */
  readonly #others = new Set<EvolumeViewer>();
  #shown = true;
  /** A search has begun, and nothing has come of it yet. */
  #waiting = false;
  #stop: AbortController | null = null;
  #frame = 0;

  constructor(viewer: EvolumeViewer) {
    super();
    this.#viewer = viewer;
    viewer.on('revise', () => {
      // A search that has found nothing yet may have waited for this.
      this.stale = this.asks && !this.#waiting;
      this.#changed();
    });
  }

  /** The number of the reader's hit among all, from 1. */
  get position(): number {
    const page = this.current && this.pages[this.current.at];
    return page && this.current ? page.before + this.current.nth + 1 : 0;
  }

  /** Whether there is anything to look for: days can be without words. */
  get asks(): boolean {
    return this.query.trim() !== '' || Boolean(this.how.filter?.days);
  }

  /** How many of the pages are not quite what was looked for. */
  get approximate(): number {
    return this.#ranked.slice(1).flat().length;
  }

  /** Looks for the same in another way. */
  async change(how: How): Promise<void> {
    this.how = how;
    await this.search(this.query);
  }

  /** Looks for another query; what was found stays until the first of the new has come. */
  async search(query: string): Promise<void> {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.query = query;
    this.failure = null;
    this.stale = false;
    this.running = this.#waiting = this.asks;
    this.#changed();
    if (!this.running) {
      this.hide();
      return this.#clear();
    }
    let first = true;
    try {
      const how = { ...this.how, marked: this.marked() };
      for await (const found of this.#viewer.search(query, stop.signal, how)) {
        if (first) this.#clear();
        for (const other of this.#others) {
          if (first) other.clearHits();
          other.showHits(found.hits);
        }
        first = this.#waiting = false;
        if (found.problem) this.#miss(found.problem);
        if (found.hits.length > 0) this.#add(found.material, found.hits);
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
    this.running = this.#waiting = false;
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
    this.#viewer.goToHit(page.at, nth);
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

  /** Puts a material's pages where they belong; the reader stays at the same hit. */
  #add(material: number, hits: PageHit[]): void {
    for (const hit of hits) {
      this.#ranked[RANKS.indexOf(hit.closeness)]?.push({ ...hit, material, before: this.hits });
      this.hits += hit.matches.length;
    }
    const at = this.current && this.pages[this.current.at];
    const inOrder = this.approximate === 0 && hits.every(({ closeness }) => closeness === 'exact');
    this.pages = this.#ranked.flat();
    if (inOrder) return;
    let before = 0;
    for (const page of this.pages) {
      page.before = before;
      before += page.matches.length;
    }
    if (at && this.current) this.current.at = this.pages.indexOf(at);
  }

  /** The first page with hits from where the reader is. */
  #nearest(): number {
    const here = this.#viewer.status?.page ?? 1;
    return Math.max(
      0,
      this.pages.findIndex(({ page, closeness }) => page >= here && closeness === 'exact'),
    );
  }

  #clear(): void {
    this.pages = [];
    this.#ranked = RANKS.map(() => []);
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
