// What was found, in the order in which it is read, and which hit the reader is at while more comes.
import { type EvolumeViewer, EvolumeError, type Found, type PageHit, type Status } from 'evolume';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeViewer } from '../parts/fakes.ts';
import { SearchSession } from './search-session.ts';

/** Answers a search piece by piece, when the test says so. */
class Viewer extends FakeViewer<Status> {
  readonly showHits = vi.fn();
  readonly clearHits = vi.fn();
  readonly goToHit = vi.fn();
  #answers: { give: (found: Found | null) => void; fail: (cause: unknown) => void }[] = [];

  async *search(): AsyncGenerator<Found, void> {
    for (;;) {
      const found = await new Promise<Found | null>((give, fail) => {
        this.#answers.push({ give, fail });
      });
      if (!found) return;
      yield found;
    }
  }

  /** Of the search that was begun last. */
  async give(found: Found | null): Promise<void> {
    await vi.waitFor(() => expect(this.#answers).not.toHaveLength(0));
    this.#answers.pop()?.give(found);
    await new Promise((done) => setTimeout(done));
  }

  async fail(cause: unknown): Promise<void> {
    await vi.waitFor(() => expect(this.#answers).not.toHaveLength(0));
    this.#answers.pop()?.fail(cause);
    await new Promise((done) => setTimeout(done));
  }
}

let viewer: Viewer;
let session: SearchSession;

beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw));
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
  viewer = new Viewer();
  session = new SearchSession(viewer as unknown as EvolumeViewer);
});

function hit(page: number, matches: number, closeness: PageHit['closeness'] = 'exact'): PageHit {
  return {
    page,
    at: { material: 'm', index: page - 1 },
    matches: Array.from({ length: matches }, (_, at) => [at, at + 1]),
    exact: closeness === 'exact' ? matches : 0,
    closeness,
    snippet: { before: '', hit: '', after: '' },
  };
}

function found(...hits: PageHit[]): Found {
  return { material: 0, hits, problem: null };
}

const order = (): number[] => session.pages.map(({ page }) => page);

describe('what is found', () => {
  test('comes in reading order, the exact before the nearly', async () => {
    const searching = session.search('利息');
    await viewer.give(found(hit(1, 2, 'near'), hit(2, 1)));
    await viewer.give(found(hit(5, 1, 'confusable'), hit(6, 3)));
    expect(session.running).toBe(true);
    await viewer.give(null);
    await searching;
    expect(session.running).toBe(false);
    expect(order()).toEqual([2, 6, 5, 1]);
    expect(session.hits).toBe(7);
    expect(session.approximate).toBe(2);
    expect(session.pages.map(({ before }) => before)).toEqual([0, 1, 4, 5]);
  });

  test('leaves the reader at the same hit while more comes before it', async () => {
    void session.search('利息');
    await viewer.give(found(hit(3, 2, 'near')));
    session.choose(0, 1);
    expect(session.position).toBe(2);
    await viewer.give(found(hit(9, 4)));
    expect(session.pages[session.current?.at ?? -1]?.page).toBe(3);
    expect(session.position).toBe(6);
  });

  test('stays until the first of a new search has come', async () => {
    void session.search('利息');
    await viewer.give(found(hit(3, 1)));
    void session.search('本金');
    expect(order()).toEqual([3]);
    await viewer.give(found(hit(4, 1)));
    expect(order()).toEqual([4]);
  });

  test('is none of an empty query', async () => {
    void session.search('利息');
    await viewer.give(found(hit(3, 1)));
    await session.search('  ');
    expect(session.pages).toEqual([]);
    expect(session.running).toBe(false);
    expect(viewer.clearHits).toHaveBeenCalled();
  });

  test('counts what could not be searched, with the first reason', async () => {
    void session.search('利息');
    await viewer.give({ material: 0, hits: [], problem: 'search.unindexed' });
    await viewer.give({ material: 1, hits: [], problem: 'blob.corrupt' });
    expect([session.missed, session.missedCode]).toEqual([2, 'search.unindexed']);
  });

  test('is painted in another viewer of the volume too', async () => {
    const other = new Viewer();
    const letGo = session.attach(other as unknown as EvolumeViewer);
    void session.search('利息');
    await viewer.give(found(hit(3, 1)));
    expect(other.showHits).toHaveBeenLastCalledWith([hit(3, 1)]);
    letGo();
    await viewer.give(found(hit(4, 1)));
    expect(other.showHits).toHaveBeenCalledTimes(2);
  });
});

describe('a search that fails', () => {
  test('says why', async () => {
    const searching = session.search('(');
    await viewer.fail(new EvolumeError('search.query'));
    await searching;
    expect([session.failure, session.running]).toEqual(['search.query', false]);
  });

  test('says nothing when another has taken its place', async () => {
    const first = session.search('(');
    await vi.waitFor(() => expect(session.running).toBe(true));
    const second = session.search('利息');
    await viewer.give(found(hit(3, 1)));
    await viewer.give(null);
    await second;
    await viewer.fail(new EvolumeError('search.query'));
    await first;
    expect(session.failure).toBeNull();
    expect(order()).toEqual([3]);
  });
});

describe('steps', () => {
  beforeEach(async () => {
    void session.search('利息');
    await viewer.give(found(hit(2, 2), hit(5, 1), hit(8, 2)));
  });

  const at = (): unknown => viewer.goToHit.mock.lastCall;
  const page = (number: number) => ({ material: 'm', index: number - 1 });

  test('begin at the page at hand', () => {
    viewer.status = { page: 4 } as Status;
    session.step(1);
    expect(at()).toEqual([page(5), 0]);
  });

  test('go through the hits of a page, and around', () => {
    session.choose(2, 0);
    session.step(1);
    expect(at()).toEqual([page(8), 1]);
    session.step(1);
    expect(at()).toEqual([page(2), 0]);
    session.step(-1);
    expect(at()).toEqual([page(8), 1]);
  });

  test('of pages skip the rest of a page', () => {
    session.choose(0, 0);
    session.stepPage(1);
    expect(at()).toEqual([page(5), 0]);
    session.stepPage(-1);
    expect(at()).toEqual([page(2), 1]);
  });

  test('are told before they are taken', () => {
    const left = vi.fn(() => expect(viewer.goToHit).not.toHaveBeenCalled());
    session.addEventListener('leave', left);
    session.choose(1);
    expect(left).toHaveBeenCalledTimes(1);
  });
});

test('what becomes known later makes the answer stale', async () => {
  viewer.tell('revise', {});
  expect(session.stale).toBe(false);
  void session.search('利息');
  viewer.tell('revise', {});
  // Nothing has been found yet: it may have waited for this.
  expect(session.stale).toBe(false);
  await viewer.give(found(hit(3, 1)));
  viewer.tell('revise', {});
  expect(session.stale).toBe(true);
});
