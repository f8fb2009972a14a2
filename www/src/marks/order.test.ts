// However marks come, change and go, the list is in reading order.
import { expect, test } from 'vitest';
import { type MarkItem, ReadingOrder } from './order.ts';
import { item, mark, panel, rect } from './samples.ts';

const ids = (order: ReadingOrder): string => order.all.map((item) => item.mark.id).join(' ');

test('by page, then by place; what has lost its page comes last', () => {
  const order = new ReadingOrder();
  order.put([item('d', null, 0), item('c', 2, 1), item('b', 1, 9), item('a', 1, 3)]);
  expect(ids(order)).toBe('a b c d');
});

test('a mark that has moved stands where it is now, once', () => {
  const order = new ReadingOrder();
  order.put([item('a', 1, 3), item('b', 1, 9)]);
  order.put([item('a', 3, 0)]);
  expect(ids(order)).toBe('b a');
  expect(order.get('a')?.page).toBe(3);
  order.drop(['b', 'never']);
  expect(ids(order)).toBe('a');
});

test('a page comes before its text, and what lies anywhere after it, from top to bottom', () => {
  const page = { material: 'm', index: 0 };
  const on = (id: string, target: MarkItem['mark']['target']): MarkItem => ({
    mark: mark(id, target),
    layer: panel,
    page: 1,
    editable: true,
  });
  const order = new ReadingOrder();
  order.put([
    on('low', { type: 'area', page, rect: rect(400) }),
    on('high', { type: 'point', page, at: { x: 0, y: 30 } }),
    item('text', 1, 5),
    on('page', { type: 'page', page }),
    on('unknown', { type: 'unknown', page, rects: [rect(200)] }),
  ]);
  expect(ids(order)).toBe('page text high unknown low');
});

test('one by one and all at once give the same order', () => {
  // A fixed sequence that looks random, so that a failure can be seen again.
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const [single, batch] = [new ReadingOrder(), new ReadingOrder()];
  const current = new Map<string, MarkItem>();
  for (let step = 0; step < 400; step++) {
    const id = `m${random(60)}`;
    if (random(4) === 0) {
      single.drop([id]);
      current.delete(id);
    } else {
      const next = item(id, random(5) === 0 ? null : 1 + random(4), random(20));
      single.put([next]);
      current.set(id, next);
    }
  }
  const filler = Array.from({ length: 60 }, (_, n) => item(`f${n}`, 9, n));
  batch.put([...current.values(), ...filler]);
  batch.drop(filler.map((item) => item.mark.id));
  expect(current.size).toBeGreaterThan(20);
  expect(ids(single)).toBe(ids(batch));
});
