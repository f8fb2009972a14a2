// Renders only what is in view of a long list of equally high items.
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Items rendered beyond either edge, so that a quick flick shows no gap. */
const MARGIN = 6;

export class Window implements ReactiveController {
  itemHeight = 30;
  readonly #host: ReactiveControllerHost;
  readonly #box: () => HTMLElement | null | undefined;
  #watched: HTMLElement | null = null;
  readonly #resizes = new ResizeObserver(() => this.#measure());

  /** `box` scrolls; its property `--item` is the height of an item in pixels. */
  constructor(host: ReactiveControllerHost, box: () => HTMLElement | null | undefined) {
    this.#host = host;
    this.#box = box;
    host.addController(this);
  }

  hostUpdated(): void {
    const box = this.#box() ?? null;
    if (box === this.#watched) return;
    this.#watched?.removeEventListener('scroll', this.#scrolled);
    this.#resizes.disconnect();
    this.#watched = box;
    box?.addEventListener('scroll', this.#scrolled, { passive: true });
    if (box) this.#resizes.observe(box);
  }

  hostDisconnected(): void {
    this.#resizes.disconnect();
    this.#watched?.removeEventListener('scroll', this.#scrolled);
    this.#watched = null;
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  /** Whole items that fit into the view. */
  get perScreen(): number {
    return Math.max(1, Math.floor((this.#watched?.clientHeight ?? 600) / this.itemHeight));
  }

  /** First and end of the items to render. */
  range(count: number): [number, number] {
    const first = Math.floor((this.#watched?.scrollTop ?? 0) / this.itemHeight);
    return [
      Math.min(count, Math.max(0, first - MARGIN)),
      Math.min(count, first + this.perScreen + MARGIN + 1),
    ];
  }

  /** Scrolls as little as needed to show an item. */
  reveal(index: number): void {
    const box = this.#watched;
    if (!box || index < 0) return;
    const top = index * this.itemHeight;
    const bottom = top + this.itemHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
  }

  readonly #scrolled = (): void => this.#host.requestUpdate();

  #measure(): void {
    const item = this.#watched && getComputedStyle(this.#watched).getPropertyValue('--item');
    this.itemHeight = Number.parseFloat(item ?? '') || this.itemHeight;
    this.#host.requestUpdate();
  }
}
