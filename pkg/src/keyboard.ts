// Reading by keyboard: the keys of a document viewer, independent of the layout of letters.

import type { Step } from './engine-face.ts';
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
  selectAll(): void;
  /** Whether a caret shows, which the arrows move. */
  readonly caret: boolean;
  setCaret(on: boolean): void;
  step(step: Step, extend: boolean): void;
  stepLink(forward: boolean): void;
  followLink(): void;
  /** With a citation, as a quotation. */
  copyText(cited: boolean): Promise<boolean>;
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

/** How the caret goes by a key, and with Ctrl. */
const STEPS: Readonly<Record<string, readonly [plain: Step, command: Step]>> = {
  ArrowLeft: ['back', 'word-back'],
  ArrowRight: ['forward', 'word-forward'],
  ArrowUp: ['up', 'up'],
  ArrowDown: ['down', 'down'],
  Home: ['line-start', 'page-start'],
  End: ['line-end', 'page-end'],
  PageUp: ['page-start', 'page-start'],
  PageDown: ['page-end', 'page-end'],
};

/** Carries out a key; false when it is not ours and the browser should have it. */
export function handleKey(event: KeyboardEvent, actions: KeyActions): boolean {
  if (event.defaultPrevented || event.altKey || event.isComposing) return false;
  const command = event.ctrlKey || event.metaKey;
  const step = STEPS[event.key];
  // Shift extends what is selected; without it the arrows are the caret's only while it shows.
  if (step && (event.shiftKey || actions.caret)) {
    actions.step(step[command ? 1 : 0], event.shiftKey);
    return true;
  }
  if (command && handleCommand(event, actions)) return true;
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

function handleCommand(event: KeyboardEvent, actions: KeyActions): boolean {
  // What Ctrl + C alone copies, the browser asks for by an event.
  if (event.code === 'KeyC' && event.shiftKey) void actions.copyText(true);
  else if (event.code === 'KeyA' && !event.shiftKey) actions.selectAll();
  else return false;
  return true;
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
    case 'l':
    case 'L':
      actions.stepLink(!event.shiftKey);
      return true;
    case 'Enter':
      actions.followLink();
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
    case 'F7':
      actions.setCaret(!actions.caret);
      return true;
    case 'Escape':
      actions.deselect();
      return true;
    default:
      return false;
  }
}
