// What is known of a volume's pages: an excerpt of its manifest at first, which is all of it unless the volume is large.
import type { Excerpt, Manifest } from '../generated/index.ts';

/** A material in reading order; its id is missing as long as that is not known. */
export type Counted = { id: string | undefined; pages: number };

/** What is known of a volume's pages; looking into it may cost a moment. */
export type Known = {
  /** Null as long as only an excerpt is there. */
  readonly manifest: Manifest | null;
  readonly materials: readonly Counted[];
};

/** What a viewer is opened with. */
export type Loaded = Known & {
  /** SHA-256 of the whole manifest, where this is not it. */
  readonly whole: string | null;
};

/** An excerpt as the server gave it, looked into when somebody asks, which is after the first page. */
export class LoadedExcerpt implements Loaded {
  readonly #bytes: Uint8Array;
  #parsed: Excerpt | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get manifest(): Manifest | null {
    return this.whole === null ? this.#excerpt.manifest : null;
  }

  get materials(): readonly Counted[] {
    const { manifest, rest } = this.#excerpt;
    if (!rest) return counted(manifest);
    return rest.counts.map((pages, at) => ({
      id: manifest.materials[at - rest.material]?.id,
      pages,
    }));
  }

  get whole(): string | null {
    return this.#excerpt.rest?.whole ?? null;
  }

  get #excerpt(): Excerpt {
    return (this.#parsed ??= parse(this.#bytes) as Excerpt);
  }
}

export function counted(manifest: Pick<Manifest, 'materials'>): Counted[] {
  return manifest.materials.map(({ id, pages }) => ({ id, pages: pages.length }));
}

/** JSON as it comes over the line. */
export function parse(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}
