// Two viewers that scroll together: the one in use leads, the other keeps its distance in pages.
import { type EvolumeViewer, samePage, type Status } from 'evolume';

/** Farther behind than this, in pages, the other one jumps. */
const JUMP = 3;
/** CSS pixels of a point at 100 %. */
const UNIT = 96 / 72;

export class Lockstep {
  readonly #viewers: readonly [EvolumeViewer, EvolumeViewer];
  readonly #ending = new AbortController();
  /** How many pages the second one is ahead. */
  readonly #ahead: number;
  #leader: 0 | 1 = 0;

  constructor(first: EvolumeViewer, second: EvolumeViewer) {
    this.#viewers = [first, second];
    this.#ahead = position(second.status) - position(first.status);
    const { signal } = this.#ending;
    for (const index of [0, 1] as const) {
      const viewer = this.#viewers[index];
      const lead = (): void => {
        this.#leader = index;
      };
      for (const type of ['pointerenter', 'pointerdown', 'wheel', 'touchstart'] as const) {
        viewer.canvas.addEventListener(type, lead, { signal, passive: true });
      }
      viewer.element.addEventListener('focusin', lead, { signal });
      viewer.on('status', () => this.#follow(index), { signal });
    }
    this.#follow(0);
  }

  end(): void {
    this.#ending.abort();
  }

  #follow(moved: 0 | 1): void {
    if (moved !== this.#leader) return;
    const [leader, led] = moved === 0 ? this.#viewers : [this.#viewers[1], this.#viewers[0]];
    const [here, there] = [leader.status, led.status];
    if (!here || !there || there.pages === 0) return;
    if (Math.abs(here.zoom - there.zoom) > 0.01) led.zoomTo(here.zoom);
    const wanted = position(here) + (moved === 0 ? this.#ahead : -this.#ahead);
    const behind = wanted - position(led.status);
    if (Math.abs(behind) > JUMP) {
      const page = Math.min(there.pages, Math.max(1, Math.floor(wanted)));
      return led.moveTo({ page, offset: Math.min(1, Math.max(0, wanted - page)) });
    }
    const pixels = behind * heightOf(led, there);
    if (Math.abs(pixels) >= 1) led.scrollBy(0, pixels);
  }
}

/** Pages above the upper edge of the view. */
function position(status: Status | null): number {
  return (status?.page ?? 1) + (status?.offset ?? 0);
}

/** CSS pixels of the page one is on. */
function heightOf({ manifest, view }: EvolumeViewer, status: Status): number {
  const page = manifest?.materials[status.material]?.pages[status.page_in_material - 1];
  const own =
    view.turns.find(([turned]) => status.at !== null && samePage(turned, status.at))?.[1] ?? 0;
  const turn = ((page?.rotation ?? 0) + view.turn + own) % 180;
  const height = (turn === 90 ? page?.width : page?.height) ?? 842;
  return (height * UNIT * status.zoom) / 100;
}
