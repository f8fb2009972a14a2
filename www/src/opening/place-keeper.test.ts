// The address follows the reader when they pause, and is never written over another view's.
import type { Status } from 'evolume';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeStorage } from '../parts/fakes.ts';
import { lastPlace } from './memory.ts';
import { PlaceKeeper } from './place-keeper.ts';

const replaceState = vi.fn((_state: unknown, _title: string, hash: string) => {
  location.hash = hash;
});

beforeEach(() => {
  vi.useFakeTimers();
  fakeStorage();
  vi.stubGlobal('location', { hash: '#/v/v' });
  vi.stubGlobal('history', { state: { step: 3 }, replaceState });
  replaceState.mockClear();
});

afterEach(() => {
  vi.useRealTimers();
});

function status(page: number): Status {
  const at = page > 0 ? { material: 'm', index: page - 1 } : null;
  return { page, at, zoom: 100, fit: null, offset: 0 } as Status;
}

test('the last place is written once, after a pause', () => {
  const keeper = new PlaceKeeper();
  keeper.note('v', status(1));
  vi.advanceTimersByTime(300);
  keeper.note('v', status(2));
  vi.advanceTimersByTime(300);
  expect(replaceState).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  expect(replaceState.mock.calls).toEqual([[{ step: 3 }, '', '#/v/v?page=2&zoom=100&at=m.1']]);
  expect(lastPlace('v')).toMatchObject({ page: 2, at: { material: 'm', index: 1 } });
});

test('whoever leaves is not kept waiting', () => {
  const keeper = new PlaceKeeper();
  keeper.note('v', status(2));
  keeper.flush();
  expect(location.hash).toContain('page=2');
  vi.runAllTimers();
  expect(replaceState).toHaveBeenCalledTimes(1);
});

test('the address of another view is not ours, the memory is', () => {
  const keeper = new PlaceKeeper();
  keeper.note('v', status(2));
  location.hash = '#/';
  keeper.flush();
  expect(replaceState).not.toHaveBeenCalled();
  expect(lastPlace('v')).toMatchObject({ page: 2 });
});

test('what is dropped is not written', () => {
  const keeper = new PlaceKeeper();
  keeper.note('v', status(2));
  keeper.drop();
  vi.runAllTimers();
  expect(replaceState).not.toHaveBeenCalled();
});

test('the place beside and the lists are in the address with the next note', () => {
  const keeper = new PlaceKeeper();
  keeper.setSide({ page: 5, at: { material: 'n', index: 0 }, offset: 0.5 });
  keeper.setLists(true);
  keeper.note('v', status(2));
  keeper.flush();
  expect(location.hash).toContain('&side=5,0.50,n.0&lists=1');
});

test('an empty volume has no place', () => {
  const keeper = new PlaceKeeper();
  keeper.note('v', status(0));
  keeper.flush();
  expect(lastPlace('v')).toBeUndefined();
  expect(location.hash).toBe('#/v/v');
});
