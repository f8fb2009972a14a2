// What is printed is what was chosen, in order, each page once, and not more than a printer should get by accident.
import type { Manifest, Status } from 'evolume';
import { describe, expect, test } from 'vitest';
import { type Choice, chosenPages, parsePages, PRINT_LIMIT } from './pages.ts';

/** Materials with so many pages. */
function volume(...counts: number[]): Manifest {
  const materials = counts.map((count, at) => ({ id: `m${at}`, pages: Array(count).fill({}) }));
  return { materials } as unknown as Manifest;
}

const here = { page: 4, material: 2, page_in_material: 2, pages: 6 } as Status;

function chosen(choice: Choice, range = '', manifest = volume(2, 0, 3, 1)): string[] {
  const pages = chosenPages(choice, range, manifest, here);
  return pages.map(({ page, number }) => `${number} ${page.material}.${page.index}`);
}

describe('the choice', () => {
  test('of the page at hand', () => {
    expect(chosen('page')).toEqual(['4 m2.1']);
  });

  test('of its material', () => {
    expect(chosen('material')).toEqual(['3 m2.0', '4 m2.1', '5 m2.2']);
  });

  test('of all', () => {
    expect(chosen('volume')).toHaveLength(6);
  });

  test('of a range across materials', () => {
    expect(chosen('range', '6，1-3')).toEqual(['1 m0.0', '2 m0.1', '3 m2.0', '6 m3.0']);
  });

  test('of nothing is a mistake', () => {
    expect(() => chosen('range', '')).toThrow(expect.objectContaining({ code: 'print.range' }));
    expect(() => chosen('range', '7')).toThrow(expect.objectContaining({ code: 'print.range' }));
  });

  test('of too much is one too', () => {
    const large = volume(PRINT_LIMIT, 1);
    expect(chosen('range', `1-${PRINT_LIMIT}`, large)).toHaveLength(PRINT_LIMIT);
    for (const [choice, range] of [
      ['volume', ''],
      ['range', `1-${PRINT_LIMIT + 1}`],
    ] as const) {
      expect(() => chosen(choice, range, large)).toThrow(
        expect.objectContaining({ code: 'print.too_many' }),
      );
    }
  });
});

describe('a range as people write it', () => {
  test.each([
    ['3', [3]],
    ['3, 5-7', [3, 5, 6, 7]],
    ['３－５、９', [3, 4, 5, 9]],
    ['5 至 7', []],
    ['5至7', [5, 6, 7]],
    ['9-9 3 3', [3, 9]],
    ['0', []],
    ['7-5', []],
    ['3-', []],
    ['a', []],
    ['11', []],
    ['1234567', []],
  ])('%s', (text, pages) => {
    expect(parsePages(text, 10)).toEqual(pages);
  });
});
