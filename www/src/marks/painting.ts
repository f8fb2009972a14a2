// Paints the marks in every viewer of the volume, told only what has changed. The one place that knows how a viewer
// takes marks.
import {
  type EvolumeViewer,
  MARK_INK,
  type MarkPaint,
  type MarkTarget,
  type PageRect,
} from 'evolume';
import type { MarkItem } from './order.ts';

type Colour = MarkPaint['colour'];

/** For a colour that only a newer version knows. */
export const NEUTRAL_INK: Colour = [205, 205, 205];

/** Points around a point that is marked. */
const POINT = 6;

type Viewer = Pick<EvolumeViewer, 'setMarks'>;

export class Painting {
  readonly #viewers = new Set<Viewer>();
  readonly #paints = new Map<string, MarkPaint>();
  /** Painted under the marks: what is selected in another window. */
  #others: readonly MarkPaint[] = [];

  /** Paints in another viewer too; the answer ends it. */
  attach(viewer: Viewer): () => void {
    this.#viewers.add(viewer);
    this.#paint();
    return () => this.#viewers.delete(viewer);
  }

  setOthers(paints: readonly MarkPaint[]): void {
    this.#others = paints;
    this.#paint();
  }

  put(items: readonly MarkItem[], active: string | null): void {
    if (items.length === 0) return;
    for (const item of items) {
      const paint = paintOf(item, active);
      if (paint) this.#paints.set(paint.id, paint);
      else this.#paints.delete(item.mark.id);
    }
    this.#paint();
  }

  drop(ids: readonly string[]): void {
    if (ids.length === 0) return;
    ids.forEach((id) => this.#paints.delete(id));
    this.#paint();
  }

  clear(): void {
    this.#paints.clear();
    this.#paint();
  }

  #paint(): void {
    const all = [...this.#others, ...this.#paints.values()];
    for (const viewer of this.#viewers) viewer.setMarks(all);
  }
}

/** Nothing for a mark that has no place on a page. */
export function paintOf({ mark, page }: MarkItem, active: string | null): MarkPaint | null {
  const rects = boxes(mark.target);
  if (page === null || rects.length === 0) return null;
  const { colour } = mark.style;
  const ink = colour ? MARK_INK[colour] : NEUTRAL_INK;
  return { id: mark.id, page, rects, colour: [...ink], active: mark.id === active };
}

/** The boxes of a target; until a kind brings its own look, they stand for it. */
export function boxes(target: MarkTarget): PageRect[] {
  switch (target.type) {
    case 'text':
    case 'unknown':
      return target.rects;
    case 'area':
      return [target.rect];
    case 'point': {
      const { x, y } = target.at;
      return [{ x0: x - POINT, y0: y - POINT, x1: x + POINT, y1: y + POINT }];
    }
    case 'strokes': {
      const points = target.strokes.flatMap((stroke) => stroke.points);
      if (points.length === 0) return [];
      const box = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
      for (const { x, y } of points) {
        box.x0 = Math.min(box.x0, x);
        box.y0 = Math.min(box.y0, y);
        box.x1 = Math.max(box.x1, x);
        box.y1 = Math.max(box.y1, y);
      }
      return [box];
    }
    case 'page':
    case 'time':
      return [];
  }
}
