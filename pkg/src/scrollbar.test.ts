// Where the thumb is, and where the view goes with it.
import { expect, test } from 'vitest';
import { gripAt, scrollAt, trackOf } from './scrollbar.ts';

test.each([
  [600, 0.5, { thumb: 300, way: 300 }],
  [600, 0.0001, { thumb: 36, way: 564 }],
  [600, 1, { thumb: 600, way: 0 }],
  [20, 0.1, { thumb: 20, way: 0 }],
])('in a bar of %d pixels that shows %d the thumb is %j', (height, extent, track) => {
  expect(trackOf(height, extent)).toEqual(track);
});

test.each([
  [0, 0, 0],
  [36, 0, 36],
  [37, 0, null],
  [300, 0.5, 18],
  [100, 0.5, null],
])('a press at %d with the view at %d holds it at %s', (at, scroll, grip) => {
  expect(gripAt(at, trackOf(600, 0.01), scroll)).toBe(grip);
});

test('the view follows the thumb, and stays inside', () => {
  const track = trackOf(600, 0.01);
  expect(scrollAt(18, 18, track)).toBe(0);
  expect(scrollAt(300, 18, track)).toBe(0.5);
  expect(scrollAt(9_999, 18, track)).toBe(1);
  expect(scrollAt(-9_999, 18, track)).toBe(0);
  expect(scrollAt(10, 18, trackOf(600, 1))).toBeNull();
});

test.each([0, 0.25, 1])('a thumb that is held and not moved leaves the view at %d', (scroll) => {
  const track = trackOf(600, 0.01);
  const at = track.way * scroll + 7;
  const grip = gripAt(at, track, scroll);
  expect(grip).toBeCloseTo(7);
  expect(scrollAt(at, grip ?? 0, track)).toBeCloseTo(scroll);
});
