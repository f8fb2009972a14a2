// Renders only what is in view of a long list of equally high items.
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Items rendered beyond either edge, so that a quick flick shows no gap. */
const MARGIN = 6;

export class VirtualList implements ReactiveController {
  itemHeight = 30;
  readonly #host: ReactiveControllerHost;
  readonly #box: () => HTMLElement | null | undefined;
  #watched: HTMLElement | null = null;
  readonly #resizes = new ResizeObserver(() => {
    this.#measure();
    // What was shown stays in view as long as nobody has scrolled.
    if (this.#shown?.top === this.#watched?.scrollTop) this.#wanted ??= this.#shown?.index ?? null;
    this.#host.requestUpdate();
  });
  /** The item that was scrolled to last, and where the list was then. */
  #shown: { index: number; top: number } | null = null;
  /** The item to be scrolled to after the next rendering. */
  #wanted: number | null = null;

  /** `box` scrolls; its property `--item` is the height of an item in pixels. */
  constructor(host: ReactiveControllerHost, box: () => HTMLElement | null | undefined) {
    this.#host = host;
    this.#box = box;
    host.addController(this);
  }

  hostUpdated(): void {
    this.#watch();
    if (this.#wanted === null || this.#measure()) return;
    const index = this.#wanted;
    this.#wanted = null;
    this.#scrollTo(index);
  }

  #watch(): void {
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

  /** Pixels across; 0 before the first rendering. */
  get width(): number {
    return this.#watched?.clientWidth ?? 0;
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

  /** Scrolls as little as needed to show an item, once the list has been rendered. */
  reveal(index: number): void {
    if (index < 0) return;
    this.#wanted = index;
    this.#host.requestUpdate();
  }

  #scrollTo(index: number): void {
    const box = this.#watched;
    if (!box) return;
    const top = index * this.itemHeight;
    const bottom = top + this.itemHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
    this.#shown = { index, top: box.scrollTop };
  }

  readonly #scrolled = (): void => this.#host.requestUpdate();

  /** True when the height was another than expected, so that the list has to be rendered again. */
  #measure(): boolean {
    const item = this.#watched && getComputedStyle(this.#watched).getPropertyValue('--item');
    const height = Number.parseFloat(item ?? '') || this.itemHeight;
    if (height === this.itemHeight) return false;
    this.itemHeight = height;
    this.#host.requestUpdate();
    return true;
  }
}
