// What of a mark is painted, and that a viewer hears of every change.
import { MARK_INK, type MarkPaint, type MarkTarget } from 'evolume';
import { expect, test } from 'vitest';
import { boxes, NEUTRAL_INK, Painting, paintOf } from './painting.ts';
import { item, mark, panel, rect } from './samples.ts';

const page = { material: 'm', index: 0 };

test('every target has the boxes of what it marks', () => {
  const points = [
    { x: 5, y: 9 },
    { x: 2, y: 11 },
  ];
  const strokes: MarkTarget = { type: 'strokes', page, strokes: [{ id: 's', points }] };
  expect(boxes(strokes)).toEqual([{ x0: 2, y0: 9, x1: 5, y1: 11 }]);
  expect(boxes({ type: 'area', page, rect: rect(7) })).toEqual([rect(7)]);
  expect(boxes({ type: 'point', page, at: { x: 10, y: 20 } })).toEqual([
    { x0: 4, y0: 14, x1: 16, y1: 26 },
  ]);
  expect(boxes({ type: 'unknown', page, rects: [rect(1)] })).toEqual([rect(1)]);
  expect(boxes({ type: 'page', page })).toEqual([]);
  expect(boxes({ type: 'time', material: 'm', start: 0, end: 9 })).toEqual([]);
});

test('a colour that only a newer version knows is neutral', () => {
  const newer = item('a', 1, 3);
  expect(paintOf(newer, 'a')).toMatchObject({ colour: [...MARK_INK.green], active: true });
  newer.mark.style.colour = null;
  expect(paintOf(newer, null)).toMatchObject({ colour: NEUTRAL_INK, active: false });
});

test('a mark without a place on a page is not painted', () => {
  const target: MarkTarget = { type: 'page', page };
  expect(
    paintOf({ mark: mark('a', target), layer: panel, page: 1, editable: true }, null),
  ).toBeNull();
  const nowhere: MarkTarget = { type: 'unknown', page: null, rects: [rect(1)] };
  expect(
    paintOf({ mark: mark('a', nowhere), layer: panel, page: 1, editable: true }, null),
  ).toBeNull();
});

/** A viewer that shows what it is told to, and how much that was. */
class Screen {
  readonly painted = new Map<string, MarkPaint>();
  commands: string[] = [];

  putMarks(marks: MarkPaint[]): void {
    for (const each of marks) this.painted.set(each.id, each);
    this.commands.push(`put ${marks.map(({ id }) => id).join(' ')}`);
  }

  dropMarks(ids: string[]): void {
    for (const id of ids) this.painted.delete(id);
    this.commands.push(`drop ${ids.join(' ')}`);
  }

  get ids(): string {
    return [...this.painted.values()]
      .map(({ id, active }) => `${id}${active ? '!' : ''}`)
      .join(' ');
  }
}

const other = (id: string): MarkPaint => ({
  id,
  page,
  rects: [],
  colour: [1, 2, 3],
  active: false,
});

test('every viewer paints what is there now', () => {
  const [left, right] = [new Screen(), new Screen()];
  const painting = new Painting();
  painting.attach(left);
  painting.put([item('a', 1, 3), item('b', 2, 3)], 'b');
  const end = painting.attach(right);
  painting.setOthers([other('x'), other('y')]);
  painting.setOthers([other('y')]);
  painting.put([item('b', 2, 3)], null);
  expect([left.ids, right.ids]).toEqual(['a b y', 'a b y']);
  end();
  painting.clear();
  expect([left.ids, right.ids]).toEqual(['y', 'a b y']);
});

test('a viewer hears of what has changed and of nothing else', () => {
  const screen = new Screen();
  const painting = new Painting();
  painting.put([item('a', 1, 3), item('b', 2, 3)], null);
  painting.attach(screen);
  screen.commands = [];
  painting.put([item('b', 2, 3)], 'b');
  painting.drop(['a', 'never']);
  painting.drop([]);
  painting.put([{ ...item('b', 2, 3), mark: mark('b', { type: 'page', page }) }], null);
  expect(screen.commands).toEqual(['put b', 'drop a', 'drop b']);
});
