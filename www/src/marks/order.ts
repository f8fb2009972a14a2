// Marks in reading order, kept in order change by change.
import type { LayerSummary, Mark, MarkTarget, PageRef } from 'evolume';

/** A mark with what the interface needs to know about it. */
export type MarkItem = {
  mark: Mark;
  layer: LayerSummary;
  /** Volume page number, from 1; null when its material is not in the volume any more, or has no pages. */
  page: number | null;
  /** Whether it may be changed here. */
  editable: boolean;
};

/** From so many changes on the list is sorted anew. */
const MANY = 50;

export class ReadingOrder {
  readonly #items = new Map<string, MarkItem>();
  #sorted: MarkItem[] = [];

  /** In reading order; what has no page comes last. */
  get all(): readonly MarkItem[] {
    return this.#sorted;
  }

  get(id: string): MarkItem | undefined {
    return this.#items.get(id);
  }

  put(items: readonly MarkItem[]): void {
    const many = items.length > MANY;
    for (const item of items) {
      if (!many) this.#take(item.mark.id);
      this.#items.set(item.mark.id, item);
      if (!many) this.#sorted.splice(this.#place(item), 0, item);
    }
    if (many) this.#sorted = [...this.#items.values()].sort(compare);
  }

  drop(ids: readonly string[]): void {
    if (ids.length > MANY) {
      ids.forEach((id) => this.#items.delete(id));
      this.#sorted = [...this.#items.values()].sort(compare);
    } else ids.forEach((id) => this.#take(id));
  }

  clear(): void {
    this.#items.clear();
    this.#sorted = [];
  }

  #take(id: string): void {
    const item = this.#items.get(id);
    if (!item) return;
    this.#sorted.splice(this.#place(item), 1);
    this.#items.delete(id);
  }

  /** Where it is, or would be. */
  #place(item: MarkItem): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const there = this.#sorted[middle];
      if (there && compare(there, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compare(a: MarkItem, b: MarkItem): number {
  const page = (item: MarkItem): number => item.page ?? Number.MAX_SAFE_INTEGER;
  const [[rankA, atA], [rankB, atB]] = [position(a.mark.target), position(b.mark.target)];
  return (
    page(a) - page(b) ||
    rankA - rankB ||
    atA - atB ||
    a.mark.created - b.mark.created ||
    (a.mark.id < b.mark.id ? -1 : Number(a.mark.id > b.mark.id))
  );
}

/** On its page: the page itself, then text by its characters, then what lies anywhere from top to bottom. */
function position(target: MarkTarget): [rank: number, at: number] {
  switch (target.type) {
    case 'page':
      return [0, 0];
    case 'text':
      return [1, target.start];
    case 'area':
      return [2, target.rect.y0];
    case 'point':
      return [2, target.at.y];
    case 'strokes':
      return [2, target.strokes[0]?.points[0]?.y ?? 0];
    case 'unknown':
      return [2, target.rects[0]?.y0 ?? 0];
    case 'time':
      return [3, target.start];
  }
}

/** The page of a target, if it is on one that can be read. */
export function pageOf(target: MarkTarget): PageRef | null {
  return target.type === 'time' ? null : target.page;
}
