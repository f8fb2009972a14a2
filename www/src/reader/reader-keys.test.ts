// Every key of the reader reaches what it is for, and leaves the key to the browser where that is not there.
import { beforeEach, expect, test, vi } from 'vitest';
import { KeyRouter } from '../parts/key-router.ts';
import { type Keyed, readerKeys } from './reader-keys.ts';

class Field extends EventTarget {}
vi.stubGlobal('HTMLInputElement', Field);
vi.stubGlobal('HTMLTextAreaElement', Field);

const element = new EventTarget() as Element;
const panel = new EventTarget() as Element;
const remove = vi.fn();
const shown = { mark: { id: 'a' }, editable: true };

function fake() {
  return {
    element,
    panel: () => panel,
    opened: {
      viewer: {},
      selection: {},
      marks: {
        colour: 'green',
        active: 'a',
        marks: [shown],
        undo: vi.fn(),
        redo: vi.fn(),
        remove,
      },
    } as { viewer: object | null; selection: object | null; marks: object | null } | null,
    travel: { back: vi.fn(), forward: vi.fn() },
    side: { toggle: vi.fn() },
    printing: { open: vi.fn(() => true) },
    playing: { player: null as { toggle: () => void; skip: (way: number) => void } | null },
    search: vi.fn(),
    mark: vi.fn(),
    leavePanel: vi.fn(),
  };
}

let reader: ReturnType<typeof fake>;
let router: KeyRouter;

beforeEach(() => {
  remove.mockClear();
  shown.editable = true;
  reader = fake();
  router = new KeyRouter();
  const keyed = { ...reader, volume: () => reader.opened };
  router.add(readerKeys(keyed as unknown as Keyed));
});

/** Answers whether the key was kept from the browser. */
function press(key: string, event: Partial<KeyboardEvent> = {}, path: EventTarget[] = [element]) {
  const preventDefault = vi.fn();
  router.handle({
    key,
    code: `Key${key.toUpperCase()}`,
    ...{ ctrlKey: false, metaKey: false, altKey: false, shiftKey: false },
    ...{ defaultPrevented: false, isComposing: false },
    ...event,
    composedPath: () => path,
    preventDefault,
  } as unknown as KeyboardEvent);
  return preventDefault.mock.calls.length > 0;
}

test('a selection is marked, with a note or without', () => {
  expect(press('n')).toBe(true);
  expect(reader.mark).toHaveBeenLastCalledWith({ colour: 'green', note: true });
  expect(press('h')).toBe(true);
  expect(reader.mark).toHaveBeenLastCalledWith({ colour: 'green', note: false });
});

test('without a selection, or without marks, those keys are nobody’s', () => {
  if (reader.opened) reader.opened.selection = null;
  expect(press('n')).toBe(false);
  reader.opened = null;
  expect([press('h'), press('z', { ctrlKey: true }), press('f', { ctrlKey: true })]).toEqual([
    false,
    false,
    false,
  ]);
  expect(reader.mark).not.toHaveBeenCalled();
});

test('only where one reads', () => {
  expect(press('n', {}, [new EventTarget()])).toBe(false);
  expect(press('s', {}, [new EventTarget()])).toBe(false);
  expect(press('s')).toBe(true);
  expect(reader.side.toggle).toHaveBeenCalledTimes(1);
});

test('a search and the printer are asked for from wherever one types', () => {
  const typing = [new Field(), panel, element];
  expect(press('f', { ctrlKey: true }, typing)).toBe(true);
  expect(reader.search).toHaveBeenCalledTimes(1);
  expect(press('p', { ctrlKey: true }, typing)).toBe(true);
  expect(reader.printing.open).toHaveBeenCalledTimes(1);
  expect(press('f', {}, typing)).toBe(false);
});

test('before there are pages the browser prints', () => {
  reader.printing.open.mockReturnValue(false);
  expect(press('p', { ctrlKey: true })).toBe(false);
});

test('Escape leads from the panel back to the pages', () => {
  expect(press('Escape', {}, [new Field(), panel, element])).toBe(true);
  expect(reader.leavePanel).toHaveBeenCalledTimes(1);
  expect(press('Escape')).toBe(false);
});

test('the player’s keys are its own only while it is there', () => {
  expect(press('k')).toBe(false);
  const player = { toggle: vi.fn(), skip: vi.fn() };
  reader.playing.player = player;
  press('k');
  press('j');
  press('l');
  expect(player.toggle).toHaveBeenCalledTimes(1);
  expect(player.skip.mock.calls).toEqual([[-1], [1]]);
});

test('one goes back and forward', () => {
  press('ArrowLeft', { altKey: true });
  press('ArrowRight', { altKey: true });
  expect([reader.travel.back, reader.travel.forward].map((way) => way.mock.calls.length)).toEqual([
    1, 1,
  ]);
});

test('the chosen mark is removed where one may', () => {
  expect(press('Delete')).toBe(true);
  expect(remove).toHaveBeenLastCalledWith('a');
  shown.editable = false;
  expect(press('Delete')).toBe(false);
  expect(remove).toHaveBeenCalledTimes(1);
});
