// Handles at the ends of a selection, for fingers; loaded when text was selected by one.
import type { Selection } from './generated/index.ts';

/** CSS pixels on each side: as large as a fingertip. */
const SIZE = 44;

/** Takes hold of an end; what it answers moves it and lets it go, in CSS pixels of the pages. */
export type Grab = (end: boolean) => {
  drag: (x: number, y: number) => void;
  drop: (x: number, y: number) => void;
};

export class Handles {
  readonly #ends: readonly [HTMLElement, HTMLElement];

  /** `host` is as large as the pages. */
  constructor(host: ShadowRoot, grab: Grab) {
    this.#ends = [handle('start'), handle('end')];
    this.#ends.forEach((element, end) => listen(element, end === 1, grab));
    host.append(...this.#ends);
  }

  /** Shows the handles at the ends of this selection that are in view. */
  place(selection: Selection | null): void {
    this.#ends.forEach((element, index) => {
      const end = selection?.ends[index];
      element.hidden = !end;
      if (!end) return;
      const [x, y, width, height] = end;
      // Below the line; the first one ends at it, the last one begins there.
      const left = index === 0 ? x - SIZE : x + width;
      element.style.translate = `${left}px ${y + height}px`;
    });
  }

  remove(): void {
    for (const element of this.#ends) element.remove();
  }
}

function handle(part: 'start' | 'end'): HTMLElement {
  const element = document.createElement('div');
  element.className = `handle ${part}`;
  element.hidden = true;
  // The keyboard has the caret.
  element.setAttribute('aria-hidden', 'true');
  return element;
}

function listen(element: HTMLElement, end: boolean, grab: Grab): void {
  let held: ReturnType<Grab> | null = null;
  // Between the finger and the middle of the line whose end it moves.
  let off = [0, 0] as [number, number];
  const at = (event: PointerEvent): [number, number] => {
    const box = element.parentNode instanceof ShadowRoot ? element.parentNode.host : element;
    const { left, top } = box.getBoundingClientRect();
    return [event.clientX - left - off[0], event.clientY - top - off[1]];
  };
  element.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    const { left, right, top } = element.getBoundingClientRect();
    off = [event.clientX - (end ? left : right), event.clientY - top + 6];
    held = grab(end);
  });
  element.addEventListener('pointermove', (event) => held?.drag(...at(event)));
  for (const type of ['pointerup', 'pointercancel'] as const) {
    element.addEventListener(type, (event) => {
      held?.drop(...at(event));
      held = null;
    });
  }
}
