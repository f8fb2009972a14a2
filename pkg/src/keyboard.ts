// Reading by keyboard: the keys of a document viewer, independent of the layout of letters.

import type { Arrangement, Tool } from './generated/index.ts';

/** What the keys can do. */
export type KeyActions = {
  scrollBy(dx: number, dy: number): void;
  /** By parts of the visible height. */
  scrollScreens(count: number): void;
  scrollTo(fraction: number): void;
  zoomBy(factor: number): void;
  zoomTo(percent: number): void;
  fit(mode: 'width' | 'page'): void;
  arrange(arrangement: Arrangement): void;
  turnPage(): void;
  turnAll(): void;
  toggleTool(tool: Tool): void;
  deselect(): void;
};

/** CSS pixels an arrow key moves. */
const STEP = 60;
/** A whole screen keeps a strip of the old one for the eye to hold on to. */
const SCREEN = 0.9;
const ZOOM = 1.25;

/** What the digits arrange. */
const ARRANGEMENTS: Readonly<Record<string, Arrangement>> = {
  1: 'continuous',
  2: 'two',
  3: 'book',
  4: 'single',
};

/** Carries out a key; false when it is not ours and the browser should have it. */
export function handleKey(event: KeyboardEvent, actions: KeyActions): boolean {
  if (event.defaultPrevented || event.altKey || event.isComposing) return false;
  const command = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case '+':
    case '=':
      actions.zoomBy(ZOOM);
      return true;
    case '-':
    case '_':
      actions.zoomBy(1 / ZOOM);
      return true;
    case '0':
      actions.zoomTo(100);
      return true;
    case 'Home':
      actions.scrollTo(0);
      return true;
    case 'End':
      actions.scrollTo(1);
      return true;
  }
  return !command && handlePlain(event, actions);
}

function handlePlain(event: KeyboardEvent, actions: KeyActions): boolean {
  switch (event.key) {
    case 'ArrowUp':
      actions.scrollBy(0, -STEP);
      return true;
    case 'ArrowDown':
      actions.scrollBy(0, STEP);
      return true;
    case 'ArrowLeft':
      actions.scrollBy(-STEP, 0);
      return true;
    case 'ArrowRight':
      actions.scrollBy(STEP, 0);
      return true;
    case 'PageUp':
      actions.scrollScreens(-SCREEN);
      return true;
    case 'PageDown':
      actions.scrollScreens(SCREEN);
      return true;
    case ' ':
      actions.scrollScreens(event.shiftKey ? -SCREEN : SCREEN);
      return true;
    case 'w':
    case 'W':
      actions.fit('width');
      return true;
    case 'p':
    case 'P':
      actions.fit('page');
      return true;
    case 'r':
      actions.turnPage();
      return true;
    case 'R':
      actions.turnAll();
      return true;
    case 'g':
    case 'G':
      actions.toggleTool('hand');
      return true;
    case 'z':
    case 'Z':
      actions.toggleTool('marquee');
      return true;
    case '1':
    case '2':
    case '3':
    case '4':
      actions.arrange(ARRANGEMENTS[event.key] ?? 'continuous');
      return true;
    case 'Escape':
      actions.deselect();
      return true;
    default:
      return false;
  }
}
