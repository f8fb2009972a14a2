// What a browser remembers must come back, for the same reader and volume only, and nothing that is in it may do harm.
import { beforeEach, describe, expect, test } from 'vitest';
import { fakeStorage } from '../parts/fakes.ts';
import { keepPlace, keepView, lastPlace, lastView } from './memory.ts';

let storage: Map<string, string>;

beforeEach(() => {
  storage = fakeStorage();
});

const at = { material: 'm', index: 4 };

describe('a place', () => {
  test('comes back with the page that it is on', () => {
    keepPlace('v', { page: 7, at, zoom: 'width', offset: 0.25 });
    expect(lastPlace('v')).toEqual({ page: 7, at, zoom: 'width', offset: 0.25 });
    expect(lastPlace('another')).toBeUndefined();
  });

  test('of an earlier version comes back by its number', () => {
    storage.set('evolume.reading', '[[" v",{"place":{"page":7,"zoom":125,"offset":0.5}}]]');
    expect(lastPlace('v')).toEqual({ page: 7, zoom: 125, offset: 0.5 });
  });

  test('is each reader’s own', () => {
    keepPlace('v', { page: 7 });
    storage.set('evolume.session', '{"principal":{"id":"li"}}');
    expect(lastPlace('v')).toBeUndefined();
    keepPlace('v', { page: 3 });
    expect(lastPlace('v')).toMatchObject({ page: 3 });
    storage.delete('evolume.session');
    expect(lastPlace('v')).toMatchObject({ page: 7 });
  });

  test('is kept of the last hundred volumes', () => {
    for (let volume = 0; volume <= 100; volume++) keepPlace(`v${volume}`, { page: 2 });
    expect(lastPlace('v0')).toBeUndefined();
    expect(lastPlace('v1')).toMatchObject({ page: 2 });
    expect(lastPlace('v100')).toMatchObject({ page: 2 });
  });

  test.each([
    'nonsense',
    '{}',
    '[1, null, ["x"]]',
    '[[" v", null]]',
    '[[" v", {"place": {"page": 0}}]]',
    '[[" v", {"place": {"page": "7"}}]]',
  ])('is not made of %s', (text) => {
    storage.set('evolume.reading', text);
    expect(lastPlace('v')).toBeUndefined();
    expect(lastView('v')).toEqual({ arrangement: 'continuous', turn: 0, turns: [] });
  });

  test.each(['{"material":7,"index":0}', '{"material":"m","index":0.5}', '"m.1"'])(
    'is on no page %s',
    (text) => {
      storage.set('evolume.reading', `[[" v",{"place":{"page":7,"at":${text}}}]]`);
      expect(lastPlace('v')).toEqual({ page: 7, offset: 0 });
    },
  );
});

describe('a view', () => {
  test('comes back beside the place', () => {
    keepPlace('v', { page: 7 });
    keepView('v', { arrangement: 'two', turn: 90, turns: [[at, 270]] });
    expect(lastView('v')).toEqual({ arrangement: 'two', turn: 90, turns: [[at, 270]] });
    expect(lastPlace('v')).toMatchObject({ page: 7 });
  });

  test('of an earlier version comes back', () => {
    storage.set(
      'evolume.reading',
      '[[" v",{"arrangement":"book","turn":180,"turns":[["m",4,90]]}]]',
    );
    expect(lastView('v')).toEqual({ arrangement: 'book', turn: 180, turns: [[at, 90]] });
  });

  test('has nothing in it that is none', () => {
    const turns = '[["m",4,45],["m",-0.5,90],[7,1,90],["m",4,90]]';
    storage.set('evolume.reading', `[[" v",{"arrangement":"heap","turn":1,"turns":${turns}}]]`);
    expect(lastView('v')).toEqual({ arrangement: 'continuous', turn: 0, turns: [[at, 90]] });
  });
});

test('without storage nothing is remembered, and nothing breaks', () => {
  fakeStorage(() => {
    throw new DOMException('forbidden', 'SecurityError');
  });
  keepPlace('v', { page: 7 });
  expect(lastPlace('v')).toBeUndefined();
});
