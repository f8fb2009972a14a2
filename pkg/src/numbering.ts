// Page numbers: what people see of a page, computed from the order of the materials and changed by it. A page itself is
// a `PageRef`.
import type { Manifest, PageRef } from './generated/index.ts';
import { type Counted, counted } from './opening/known.ts';

/** Neither the server nor the engine counts pages further. */
const LAST_PAGE = 2 ** 32 - 1;

/** What may be a page's number, as the server and the engine read it. */
export function toNumber(page: number): number {
  return Math.min(Math.max(Math.trunc(page) || 1, 1), LAST_PAGE);
}

const known = new WeakMap<object, Numbering>();

export class Numbering {
  /** Pages of the volume. */
  readonly count: number;
  readonly #materials: readonly Counted[];
  /** The number of each material's first page. */
  readonly #firsts: readonly number[];
  readonly #positions = new Map<string, number>();

  constructor(materials: readonly Counted[]) {
    this.#materials = materials;
    let next = 1;
    this.#firsts = materials.map(({ id, pages }, at) => {
      if (id !== undefined) this.#positions.set(id, at);
      const first = next;
      next += pages;
      return first;
    });
    this.count = next - 1;
  }

  /** Of a manifest; the same one again costs nothing. */
  static of(manifest: Pick<Manifest, 'materials'>): Numbering {
    let numbering = known.get(manifest);
    if (!numbering) known.set(manifest, (numbering = new Numbering(counted(manifest))));
    return numbering;
  }

  /** From 1; null when the page is not in the volume, or its material is not known yet. */
  number({ material, index }: PageRef): number | null {
    const at = this.#positions.get(material);
    const pages = at === undefined ? 0 : (this.#materials[at]?.pages ?? 0);
    if (at === undefined || !Number.isInteger(index) || index < 0 || index >= pages) return null;
    return this.first(at) + index;
  }

  /** The page with a number; null when there is none, or its material is not known yet. */
  ref(number: number): PageRef | null {
    const place = this.place(number);
    const material = place && this.#materials[place.at]?.id;
    return place && material !== undefined && material !== null
      ? { material, index: place.index }
      : null;
  }

  /** Where in the manifest the page with a number is: the position of its material, and its index there. */
  place(number: number): { at: number; index: number } | null {
    if (!Number.isInteger(number) || number < 1 || number > this.count) return null;
    // The last material that begins at or before it: one without pages begins where the next one does.
    let [low, high] = [0, this.#firsts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.first(middle) <= number) low = middle;
      else high = middle;
    }
    return { at: low, index: number - this.first(low) };
  }

  /** The number of the first page of the material at a position; where it would be, for one without pages. */
  first(at: number): number {
    return this.#firsts[at] ?? this.count + 1;
  }
}
