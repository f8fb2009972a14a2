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

test('a mark without a place in the volume is not painted', () => {
  expect(paintOf(item('a', null, 3), null)).toBeNull();
  const target: MarkTarget = { type: 'page', page };
  expect(
    paintOf({ mark: mark('a', target), layer: panel, page: 1, editable: true }, null),
  ).toBeNull();
});

test('every viewer paints what is there now, over what others select', () => {
  const seen: Record<string, string> = {};
  const viewer = (name: string) => ({
    setMarks: (marks: readonly MarkPaint[]) => {
      seen[name] = marks.map((mark) => `${mark.id}${mark.active ? '!' : ''}`).join(' ');
    },
  });
  const painting = new Painting();
  painting.attach(viewer('left'));
  painting.put([item('a', 1, 3), item('b', 2, 3)], 'b');
  const end = painting.attach(viewer('right'));
  painting.setOthers([{ id: 'other', page: 1, rects: [], colour: [1, 2, 3], active: false }]);
  painting.put([item('b', 2, 3)], null);
  expect(seen).toEqual({ left: 'other a b', right: 'other a b' });
  end();
  painting.drop(['a']);
  painting.put([item('b', null, 3)], null);
  expect(seen).toEqual({ left: 'other', right: 'other a b' });
});
