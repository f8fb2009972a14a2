// Back and forward: the places from which the reader has jumped are entries of the browser's own history, so
// that its buttons, its keys and ours do the same, and the address is always the place.
import type { PlaceKeeper } from './place-keeper.ts';

/** Why one leaves a place. The hits of one search are one journey. */
export type Why = 'jump' | 'search';

type Entry = { step: number; why: Why };

/** The farthest step of this tab; it outlives a reload. */
const TOP = 'evolume.travel';

/** Tells by `change` that the ways back or forward are others, by `arrive` that the history has moved. */
export class Travel extends EventTarget {
  readonly #keeper: PlaceKeeper;
  #top = recallTop();

  constructor(keeper: PlaceKeeper) {
    super();
    this.#keeper = keeper;
  }

  listen(): void {
    addEventListener('popstate', this.#moved);
  }

  unlisten(): void {
    removeEventListener('popstate', this.#moved);
  }

  get canGoBack(): boolean {
    return here().step > 0;
  }

  get canGoForward(): boolean {
    return here().step < this.#top;
  }

  /** Notes the place, because the reader is about to jump to another one. */
  leave(why: Why): void {
    this.#keeper.flush();
    const { step, why: last } = here();
    if (why === 'search' && last === 'search') return;
    this.#push(step + 1, why, location.hash);
  }

  /** Goes to another volume. */
  go(hash: string): void {
    this.#keeper.flush();
    this.#push(here().step + 1, 'jump', hash);
    dispatchEvent(new HashChangeEvent('hashchange'));
  }

  back(): void {
    if (!this.canGoBack) return;
    this.#keeper.flush();
    history.back();
  }

  forward(): void {
    if (!this.canGoForward) return;
    this.#keeper.flush();
    history.forward();
  }

  #push(step: number, why: Why, hash: string): void {
    history.pushState({ step, why } satisfies Entry, '', hash);
    this.#top = step;
    rememberTop(step);
    this.dispatchEvent(new Event('change'));
  }

  readonly #moved = (): void => {
    // What was noted belongs to the entry that has been left.
    this.#keeper.drop();
    this.dispatchEvent(new Event('change'));
    this.dispatchEvent(new Event('arrive'));
  };
}

function here(): Entry {
  const state = history.state as Partial<Entry> | null;
  const step = typeof state?.step === 'number' ? state.step : 0;
  return { step, why: state?.why === 'search' ? 'search' : 'jump' };
}

function recallTop(): number {
  try {
    return Number(sessionStorage.getItem(TOP) ?? 0);
  } catch {
    // Storage can be forbidden; then a reload forgets the way forward and nothing else breaks.
    return 0;
  }
}

function rememberTop(step: number): void {
  try {
    sessionStorage.setItem(TOP, String(step));
  } catch {
    // As above.
  }
}
