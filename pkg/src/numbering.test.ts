// Page numbers and identities lead to each other, whatever materials there are.
import { describe, expect, test } from 'vitest';
import { Numbering } from './numbering.ts';

const numbering = new Numbering([
  { id: 'a', pages: 2 },
  { id: 'recording-without-pages', pages: 0 },
  { id: undefined, pages: 1 },
  { id: 'c', pages: 3 },
]);

describe('a volume', () => {
  test('counts its pages', () => {
    expect(numbering.count).toBe(6);
    expect(new Numbering([]).count).toBe(0);
  });

  test('numbers its materials', () => {
    expect([0, 1, 2, 3, 4].map((at) => numbering.first(at))).toEqual([1, 3, 3, 4, 7]);
  });

  test.each([
    [1, { material: 'a', index: 0 }],
    [2, { material: 'a', index: 1 }],
    [4, { material: 'c', index: 0 }],
    [6, { material: 'c', index: 2 }],
  ])('page %i is %j', (number, ref) => {
    expect(numbering.ref(number)).toEqual(ref);
    expect(numbering.number(ref)).toBe(number);
  });

  test('knows where a page is whose material is not named yet', () => {
    expect(numbering.place(3)).toEqual({ at: 2, index: 0 });
    expect(numbering.ref(3)).toBeNull();
  });

  test.each([0, -1, 7, 1.5, Number.NaN])('has no page %d', (number) => {
    expect(numbering.ref(number)).toBeNull();
  });

  test.each([
    { material: 'a', index: 2 },
    { material: 'a', index: -1 },
    { material: 'a', index: 0.5 },
    { material: 'recording-without-pages', index: 0 },
    { material: 'gone', index: 0 },
  ])('has no page %j', (ref) => {
    expect(numbering.number(ref)).toBeNull();
  });
});

test('a late insertion gives a page another number, and leaves what it is', () => {
  const page = { material: 'b', index: 1 };
  const before = new Numbering([
    { id: 'a', pages: 2 },
    { id: 'b', pages: 2 },
  ]);
  const after = new Numbering([
    { id: 'a', pages: 2 },
    { id: 'late', pages: 5 },
    { id: 'b', pages: 2 },
  ]);
  expect([before.number(page), after.number(page)]).toEqual([4, 9]);
  expect(after.ref(9)).toEqual(page);
});
