// The scrollbar: the canvas has no scroll box of its own, and a native one ends at some million pixels.
import type { Status } from './generated/index.ts';

/** CSS pixels; small enough to tell the length, large enough to grasp. */
const MIN_THUMB = 36;

/** How long the thumb is, and how far it can go, in CSS pixels. */
export type Track = { thumb: number; way: number };

/** `extent`: the share of the volume that is in view. */
export function trackOf(height: number, extent: number): Track {
  const thumb = Math.min(height, Math.max(MIN_THUMB, height * extent));
  return { thumb, way: height - thumb };
}

/** Where a thumb is held that is pressed there, from its upper edge; null beside it. */
export function gripAt(at: number, { thumb, way }: Track, scroll: number): number | null {
  const upper = way * scroll;
  return at >= upper && at <= upper + thumb ? at - upper : null;
}

/** How far the view is scrolled when a thumb that is held so is there; null when it has no way to go. */
export function scrollAt(at: number, grip: number, { way }: Track): number | null {
  return way > 0 ? Math.min(1, Math.max(0, (at - grip) / way)) : null;
}

export class Scrollbar {
  readonly element = document.createElement('div');
  readonly #thumb = document.createElement('div');
  readonly #bubble = document.createElement('div');
  readonly #scrollTo: (fraction: number) => void;
  /** Distance from the thumb's upper edge to the pointer while dragging. */
  #grip: number | null = null;
  #scroll = 0;
  #extent = 1;

  constructor(scrollTo: (fraction: number) => void) {
    this.#scrollTo = scrollTo;
    this.element.className = 'scrollbar';
    this.#thumb.className = 'thumb';
    this.#bubble.className = 'bubble';
    this.element.setAttribute('role', 'scrollbar');
    this.element.setAttribute('aria-orientation', 'vertical');
    this.element.setAttribute('aria-controls', 'canvas');
    this.element.setAttribute('aria-valuemin', '0');
    this.element.setAttribute('aria-valuemax', '100');
    this.element.setAttribute('aria-valuenow', '0');
    this.element.tabIndex = 0;
    this.#thumb.append(this.#bubble);
    this.element.append(this.#thumb);
    this.element.addEventListener('pointerdown', (event) => this.#grasp(event));
    this.element.addEventListener('pointermove', (event) => this.#drag(event));
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      this.element.addEventListener(type, () => this.#release());
    }
  }

  /** Shows where the view is; `page` is what the bubble says while dragging. */
  update(status: Status, page: string): void {
    this.#scroll = status.scroll;
    this.#extent = status.extent;
    this.element.hidden = status.extent >= 1;
    this.element.setAttribute('aria-valuenow', String(Math.round(status.scroll * 100)));
    this.element.setAttribute('aria-valuetext', page);
    this.#bubble.textContent = page;
    this.place();
  }

  /** Puts the thumb where it belongs; needed after a resize too. */
  place(): void {
    const { thumb, way } = this.#measure();
    this.#thumb.style.height = `${thumb}px`;
    this.#thumb.style.transform = `translateY(${way * this.#scroll}px)`;
  }

  #measure(): Track {
    return trackOf(this.element.clientHeight, this.#extent);
  }

  #grasp(event: PointerEvent): void {
    if (event.button !== 0) return;
    const track = this.#measure();
    const at = event.clientY - this.element.getBoundingClientRect().top;
    const grip = gripAt(at, track, this.#scroll);
    // A click beside the thumb takes it there, with its middle under the pointer.
    this.#grip = grip ?? track.thumb / 2;
    this.element.setPointerCapture(event.pointerId);
    this.element.classList.add('dragging');
    if (grip === null) this.#drag(event);
  }

  #drag(event: PointerEvent): void {
    if (this.#grip === null) return;
    const at = event.clientY - this.element.getBoundingClientRect().top;
    const scroll = scrollAt(at, this.#grip, this.#measure());
    if (scroll !== null) this.#scrollTo(scroll);
  }

  #release(): void {
    this.#grip = null;
    this.element.classList.remove('dragging');
  }
}
