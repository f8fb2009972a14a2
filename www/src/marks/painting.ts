// Paints the marks in every viewer of the volume, change by change. The one place that knows how a viewer takes marks.
import {
  type EvolumeViewer,
  MARK_INK,
  type MarkPaint,
  type MarkTarget,
  type PageRect,
} from 'evolume';
import { type MarkItem, pageOf } from './order.ts';

type Colour = MarkPaint['colour'];

/** For a colour that only a newer version knows. */
export const NEUTRAL_INK: Colour = [205, 205, 205];

/** Points around a point that is marked. */
const POINT = 6;

type Viewer = Pick<EvolumeViewer, 'putMarks' | 'dropMarks'>;

export class Painting {
  readonly #viewers = new Set<Viewer>();
  readonly #paints = new Map<string, MarkPaint>();
  /** What is selected in another window. */
  #others: readonly MarkPaint[] = [];

  /** Paints in another viewer too; the answer ends it. */
  attach(viewer: Viewer): () => void {
    this.#viewers.add(viewer);
    viewer.putMarks([...this.#others, ...this.#paints.values()]);
    return () => this.#viewers.delete(viewer);
  }

  setOthers(paints: readonly MarkPaint[]): void {
    const kept = new Set(paints.map(({ id }) => id));
    const gone = this.#others.filter(({ id }) => !kept.has(id));
    this.#others = paints;
    this.#change([...paints], ids(gone));
  }

  put(items: readonly MarkItem[], active: string | null): void {
    const paints = items.flatMap((item) => paintOf(item, active) ?? []);
    const painted = new Set(ids(paints));
    for (const paint of paints) this.#paints.set(paint.id, paint);
    // What has lost its place is painted no more.
    this.drop(items.map(({ mark }) => mark.id).filter((id) => !painted.has(id)));
    this.#change(paints, []);
  }

  drop(dropped: readonly string[]): void {
    this.#change(
      [],
      dropped.filter((id) => this.#paints.delete(id)),
    );
  }

  clear(): void {
    this.drop([...this.#paints.keys()]);
  }

  #change(put: MarkPaint[], drop: string[]): void {
    for (const viewer of this.#viewers) {
      if (drop.length > 0) viewer.dropMarks(drop);
      if (put.length > 0) viewer.putMarks(put);
    }
  }
}

function ids(paints: readonly MarkPaint[]): string[] {
  return paints.map(({ id }) => id);
}

/** Nothing for a mark that has no place on a page. */
export function paintOf({ mark }: MarkItem, active: string | null): MarkPaint | null {
  const [page, rects] = [pageOf(mark.target), boxes(mark.target)];
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
