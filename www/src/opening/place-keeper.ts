// Keeps the place of reading in the browser, and in the address, so that a reload or a copied link comes back to it.
import type { Place, Status } from 'evolume';
import { volumeHash } from '../route.ts';
import { keepPlace } from './memory.ts';

/** The address follows when the reader pauses: changing it costs the browser a few frames. */
const PAUSE = 400;

export class PlaceKeeper {
  #hash = '';
  #keep: (() => void) | null = null;
  #own = '';
  #side: Place | null = null;
  #lists = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The place beside the first one, which the next note puts into the address. */
  setSide(place: Place | null): void {
    this.#side = place;
  }

  /** Whether the lists stand alone, for the next note. */
  setLists(lists: boolean): void {
    this.#lists = lists;
  }

  note(volume: string, status: Status): void {
    this.#own = volumeHash(volume);
    this.#hash = volumeHash(volume, status, this.#side ?? undefined, this.#lists);
    const { page, at, zoom, fit, offset } = status;
    if (page > 0) this.#keep = () => keepPlace(volume, { page, at, zoom: fit ?? zoom, offset });
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
