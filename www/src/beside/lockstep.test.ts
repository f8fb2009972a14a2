// Two viewers that scroll together: the one in use leads, at the same zoom and the same distance.
import type { EvolumeViewer, Status } from 'evolume';
import { beforeEach, expect, test, vi } from 'vitest';
import { FakeViewer } from '../parts/fakes.ts';
import { Lockstep } from './lockstep.ts';

/** CSS pixels of a page of 72 points at 100 %. */
const HEIGHT = 96;
const PAGES = 20;

class Viewer extends FakeViewer<Status> {
  readonly canvas = new EventTarget();
  readonly element = new EventTarget();
  readonly manifest = {
    materials: [{ id: 'm', pages: Array(PAGES).fill({ width: 36, height: 72, rotation: 0 }) }],
  };
  view: unknown = { arrangement: 'continuous', turn: 0, turns: [] };
  readonly zoomTo = vi.fn();
  readonly moveTo = vi.fn();
  readonly scrollBy = vi.fn();

  at(page: number, offset = 0, zoom = 100): void {
    this.move({
      page,
      pages: PAGES,
      offset,
      zoom,
      at: { material: 'm', index: page - 1 },
      material: 0,
      page_in_material: page,
    } as Status);
  }
}

let first: Viewer;
let second: Viewer;

function lock(): Lockstep {
  return new Lockstep(first as unknown as EvolumeViewer, second as unknown as EvolumeViewer);
}

beforeEach(() => {
  first = new Viewer();
  second = new Viewer();
  first.at(1);
  second.at(5);
});

test('nothing moves while both are where they were', () => {
  lock();
  expect(second.scrollBy).not.toHaveBeenCalled();
  expect(second.moveTo).not.toHaveBeenCalled();
  expect(second.zoomTo).not.toHaveBeenCalled();
});

test('the second one follows at its distance', () => {
  lock();
  first.at(1, 0.5);
  expect(second.scrollBy).toHaveBeenCalledWith(0, HEIGHT / 2);
});

test('it follows in whole steps over a long way, and not beyond the ends', () => {
  lock();
  first.at(8, 0.25);
  expect(second.moveTo).toHaveBeenCalledWith({ page: 12, offset: 0.25 });
  first.at(20);
  expect(second.moveTo).toHaveBeenLastCalledWith({ page: PAGES, offset: 1 });
});

test('it takes the zoom over', () => {
  lock();
  first.at(1, 0, 150);
  expect(second.zoomTo).toHaveBeenCalledWith(150);
});

test('a page that is turned is as high as it is wide', () => {
  second.view = {
    arrangement: 'continuous',
    turn: 0,
    turns: [[{ material: 'm', index: 4 }, 90]],
  };
  lock();
  first.at(1, 0.5);
  expect(second.scrollBy).toHaveBeenCalledWith(0, HEIGHT / 4);
});

test('whoever is touched leads', () => {
  lock();
  second.at(7);
  expect(first.scrollBy).not.toHaveBeenCalled();
  second.canvas.dispatchEvent(new Event('wheel'));
  second.at(5, 0.25);
  expect(first.scrollBy).toHaveBeenCalledWith(0, HEIGHT / 4);
});

test('the end is the end', () => {
  lock().end();
  first.at(1, 0.5);
  expect(second.scrollBy).not.toHaveBeenCalled();
});
