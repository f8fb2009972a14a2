// Marks for tests.
import type { LayerSummary, Mark, MarkTarget } from 'evolume';
import type { MarkItem } from './order.ts';

export const panel: LayerSummary = { id: 'panel', kind: 'panel', write: true, write_others: false };

export const rect = (y0: number) => ({ x0: 1, y0, x1: 30, y1: y0 + 12 });

export function textTarget(index: number, start: number): MarkTarget {
  const page = { material: 'm', index };
  return { type: 'text', page, start, end: start + 2, rects: [rect(start)], quote: '借款' };
}

export function mark(id: string, target: MarkTarget, change: Partial<Mark> = {}): Mark {
  return {
    id,
    v: 1,
    kind: 'highlight',
    target,
    style: { colour: 'green', width: null },
    note: '',
    tags: [],
    status: null,
    parent: null,
    author: 'me',
    author_name: '王法官',
    created: 1,
    updated: 1,
    newer: false,
    ...change,
  };
}

export function item(id: string, page: number | null, start: number): MarkItem {
  return { mark: mark(id, textTarget((page ?? 1) - 1, start)), layer: panel, page, editable: true };
}
