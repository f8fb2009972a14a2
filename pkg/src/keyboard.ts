// Reading by keyboard: the keys of a document viewer, independent of the layout of letters.

import type { Arrangement, Step, Tool } from './generated/index.ts';

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

type Binding = {
  /** For whoever explains the keys. */
  readonly id: string;
  /** As `KeyboardEvent.key` names them; letters in both cases unless only one is meant. */
  readonly keys: readonly string[];
  /** Whether Shift has to be held, or must not be; absent where the key itself says it. */
  readonly shift?: boolean;
  /**
   * With Ctrl or ⌘: it has to be held, or it may, where the browser would zoom or scroll its own page; absent where
   * it must not.
   */
  readonly command?: 'may' | 'must';
  readonly act: (actions: KeyActions) => void;
};

/** Every key of the viewer, once. */
export const bindings = [
  { id: 'up', keys: ['ArrowUp'], act: (to) => to.scrollBy(0, -STEP) },
  { id: 'down', keys: ['ArrowDown'], act: (to) => to.scrollBy(0, STEP) },
  { id: 'left', keys: ['ArrowLeft'], act: (to) => to.scrollBy(-STEP, 0) },
  { id: 'right', keys: ['ArrowRight'], act: (to) => to.scrollBy(STEP, 0) },
  { id: 'screen-up', keys: ['PageUp'], act: (to) => to.scrollScreens(-SCREEN) },
  { id: 'screen-down', keys: ['PageDown'], act: (to) => to.scrollScreens(SCREEN) },
  { id: 'screen-up', keys: [' '], shift: true, act: (to) => to.scrollScreens(-SCREEN) },
  { id: 'screen-down', keys: [' '], shift: false, act: (to) => to.scrollScreens(SCREEN) },
  { id: 'start', keys: ['Home'], command: 'may', act: (to) => to.scrollTo(0) },
  { id: 'end', keys: ['End'], command: 'may', act: (to) => to.scrollTo(1) },
  { id: 'zoom-in', keys: ['+', '='], command: 'may', act: (to) => to.zoomBy(ZOOM) },
  { id: 'zoom-out', keys: ['-', '_'], command: 'may', act: (to) => to.zoomBy(1 / ZOOM) },
  { id: 'actual-size', keys: ['0'], command: 'may', act: (to) => to.zoomTo(100) },
  { id: 'fit-width', keys: ['w', 'W'], act: (to) => to.fit('width') },
  { id: 'fit-page', keys: ['p', 'P'], act: (to) => to.fit('page') },
  { id: 'continuous', keys: ['1'], act: (to) => to.arrange('continuous') },
  { id: 'two', keys: ['2'], act: (to) => to.arrange('two') },
  { id: 'book', keys: ['3'], act: (to) => to.arrange('book') },
  { id: 'single', keys: ['4'], act: (to) => to.arrange('single') },
  { id: 'turn-page', keys: ['r'], act: (to) => to.turnPage() },
  { id: 'turn-all', keys: ['R'], act: (to) => to.turnAll() },
  { id: 'hand', keys: ['g', 'G'], act: (to) => to.toggleTool('hand') },
  { id: 'marquee', keys: ['z', 'Z'], act: (to) => to.toggleTool('marquee') },
  { id: 'next-link', keys: ['l'], act: (to) => to.stepLink(true) },
  { id: 'previous-link', keys: ['L'], act: (to) => to.stepLink(false) },
  { id: 'follow-link', keys: ['Enter'], act: (to) => to.followLink() },
  { id: 'caret', keys: ['F7'], act: (to) => to.setCaret(!to.caret) },
  { id: 'select-all', keys: ['a'], shift: false, command: 'must', act: (to) => to.selectAll() },
  // What Ctrl + C alone copies, the browser asks for by an event.
  {
    id: 'copy-cited',
    keys: ['c'],
    shift: true,
    command: 'must',
    act: (to) => void to.copyText(true),
  },
  { id: 'deselect', keys: ['Escape'], act: (to) => to.deselect() },
] as const satisfies readonly Binding[];

/** What the viewer's keys are called. */
export type BindingId = (typeof bindings)[number]['id'];

/** How the caret goes by a key, and with Ctrl. */
const STEPS: Readonly<Record<string, readonly [plain: Step, command: Step]>> = {
  ArrowLeft: ['back', 'word_back'],
  ArrowRight: ['forward', 'word_forward'],
  ArrowUp: ['up', 'up'],
  ArrowDown: ['down', 'down'],
  Home: ['line_start', 'page_start'],
  End: ['line_end', 'page_end'],
  PageUp: ['page_start', 'page_start'],
  PageDown: ['page_end', 'page_end'],
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
  const all: readonly Binding[] = bindings;
  const binding = all.find(
    ({ keys, shift, command: wanted }) =>
      (shift ?? event.shiftKey) === event.shiftKey &&
      (wanted === 'must'
        ? // By the key's place, as an input method may put another letter on it.
          command && keys.some((key) => event.code === `Key${key.toUpperCase()}`)
        : keys.includes(event.key) && (wanted === 'may' || !command)),
  );
  binding?.act(actions);
  return binding !== undefined;
}
