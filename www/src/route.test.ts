// Addresses are kept in bookmarks and sent by mail: what is written must read back, what makes no sense must do no harm.
import { describe, expect, test } from 'vitest';
import { findHash, pageHash, parseRoute, spotHash, volumeHash } from './route.ts';

/** What of a volume's route is not a place. */
const plain = { side: undefined, find: undefined, lists: false };

describe('what is written reads back', () => {
  test.each(['v1', '卷 一', 'a/b?c#d', '100%'])('the volume %j', (id) => {
    expect(parseRoute(volumeHash(id))).toEqual({
      view: 'volume',
      id,
      place: undefined,
      ...plain,
    });
  });

  test('a place, beside another one, with the lists alone', () => {
    const status = { page: 150, at: null, zoom: 124.6, fit: null, offset: 0.351 };
    const hash = volumeHash('v', status, { page: 12, offset: 0.5 }, true);
    expect(hash).toBe('#/v/v?page=150&zoom=125&offset=0.35&side=12,0.50&lists=1');
    expect(parseRoute(hash)).toEqual({
      view: 'volume',
      id: 'v',
      place: { page: 150, zoom: 125, offset: 0.35 },
      side: { page: 12, offset: 0.5 },
      find: undefined,
      lists: true,
    });
  });

  test('which pages they are, whatever their numbers may become', () => {
    const at = { material: 'm-1.2_x', index: 34 };
    const beside = { material: '材料,二', index: 0 };
    const status = { page: 150, at, zoom: 100, fit: null, offset: 0 };
    const hash = volumeHash('v', status, { page: 12, at: beside, offset: 0.5 });
    expect(hash).toContain('#/v/v?page=150&zoom=100&at=m-1.2_x.34&side=12,0.50,');
    expect(parseRoute(hash)).toMatchObject({
      place: { page: 150, at },
      side: { page: 12, at: beside, offset: 0.5 },
    });
    expect(parseRoute(spotHash('v', status))).toMatchObject({ place: { page: 150, at } });
  });

  test('a zoom that fits', () => {
    const hash = volumeHash('v', { page: 2, at: null, zoom: 80, fit: 'width', offset: 0 });
    expect(parseRoute(hash)).toMatchObject({ place: { page: 2, zoom: 'width', offset: 0 } });
  });

  test('a place at whatever zoom there is', () => {
    const hash = spotHash('v', { page: 7, at: null, offset: 0.25 });
    expect(parseRoute(hash)).toMatchObject({ place: { page: 7, offset: 0.25 } });
  });

  test.each([
    { query: '利息 & "本金"', tolerant: true },
    { query: 'a+b=c', tolerant: false },
  ])('the search $query', (find) => {
    expect(parseRoute(findHash(find))).toEqual({ view: 'cases', find });
    expect(parseRoute(pageHash('v', 3, find))).toMatchObject({ place: { page: 3 }, find });
  });
});

describe('what makes no sense is left out', () => {
  test.each(['', '#', '#/', '#/elsewhere?q=x', '#/v/', '#/find', '#/find?q=%20'])('%j', (hash) => {
    expect(parseRoute(hash)).toEqual({ view: 'cases', find: undefined });
  });

  test.each(['page=0', 'page=-3', 'page=x', 'zoom=0', 'side=0', 'side=x,1', 'lists=2', 'q='])(
    'of a volume: %s',
    (query) => {
      expect(parseRoute(`#/v/v?${query}`)).toEqual({
        view: 'volume',
        id: 'v',
        place: undefined,
        ...plain,
      });
    },
  );

  test.each(['at=m', 'at=.3', 'at=m.', 'at=m.-1', 'at=m.1.5x', `at=${'m'.repeat(129)}.0`])(
    'of a page: %s',
    (query) => {
      expect(parseRoute(`#/v/v?page=3&${query}`)).toMatchObject({ place: { page: 3, offset: 0 } });
      expect(parseRoute(`#/v/v?page=3&${query}`)).not.toHaveProperty('place.at');
    },
  );

  test('half a percent sign is a name like another', () => {
    expect(parseRoute('#/v/%E0%A4%A')).toMatchObject({ id: '%E0%A4%A' });
  });
});
