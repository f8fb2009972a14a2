// Keeps the place of reading in the browser, and in the address, so that a reload or a copied link comes back to it.
import type { PageRef, Status } from 'evolume';
import { type Spot, volumeHash } from '../route.ts';
import { keepPlace } from './memory.ts';

/** The address follows when the reader pauses: changing it costs the browser a few frames. */
const PAUSE = 400;

export class PlaceKeeper {
  #hash = '';
  #keep: (() => void) | null = null;
  #own = '';
  #side: Spot | null = null;
  #lists = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The place beside the first one, which the next note puts into the address. */
  setSide(place: Spot | null): void {
    this.#side = place;
  }

  /** Whether the lists stand alone, for the next note. */
  setLists(lists: boolean): void {
    this.#lists = lists;
  }

  /** `at` is the page that the status has the number of, as soon as that is known. */
  note(volume: string, status: Status, at: PageRef | undefined): void {
    const page = at && { at };
    this.#own = volumeHash(volume);
    this.#hash = volumeHash(volume, { ...status, at }, this.#side ?? undefined, this.#lists);
    const { page: number, zoom, fit, offset } = status;
    const place: Spot = { page: number, ...page, zoom: fit ?? zoom, offset };
    if (number > 0) this.#keep = () => keepPlace(volume, place);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), PAUSE);
  }

  /** Forgets what has not been written yet. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#hash = '';
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#keep?.();
    this.#keep = null;
    if (this.#hash === '') return;
    // The reader may have gone elsewhere since; another view's address is not ours to change.
    const here = location.hash.split('?', 1)[0];
    if (here === this.#own && location.hash !== this.#hash) {
      history.replaceState(history.state, '', this.#hash);
    }
  }
}
