// What each key does, whatever the layout of letters, and which keys are the browser's.
import { describe, expect, test } from 'vitest';
import { bindings, handleKey, type KeyActions } from './keyboard.ts';

/** What is asked of the viewer: the action's name and what it is given. */
function press(event: Partial<KeyboardEvent>, caret = false): unknown[] | null {
  const asked: unknown[] = [];
  const actions = new Proxy({} as KeyActions, {
    get: (_, name) =>
      name === 'caret' ? caret : (...given: unknown[]) => void asked.push(name, ...given),
  });
  const none = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
  const whole = { key: '', code: '', ...none, ...event } as KeyboardEvent;
  return handleKey(whole, actions) ? asked : null;
}

describe('while one reads', () => {
  test.each<[Partial<KeyboardEvent>, unknown[]]>([
    [{ key: 'ArrowDown' }, ['scrollBy', 0, 60]],
    [{ key: 'PageUp' }, ['scrollScreens', -0.9]],
    [{ key: ' ' }, ['scrollScreens', 0.9]],
    [{ key: ' ', shiftKey: true }, ['scrollScreens', -0.9]],
    [{ key: 'End' }, ['scrollTo', 1]],
    [{ key: 'Home', ctrlKey: true }, ['scrollTo', 0]],
    [{ key: '+', metaKey: true }, ['zoomBy', 1.25]],
    [{ key: '0' }, ['zoomTo', 100]],
    [{ key: 'W', shiftKey: true }, ['fit', 'width']],
    [{ key: 'r' }, ['turnPage']],
    [{ key: 'R', shiftKey: true }, ['turnAll']],
    [{ key: 'l' }, ['stepLink', true]],
    [{ key: 'F7' }, ['setCaret', true]],
    [{ key: 'ф', code: 'KeyA', ctrlKey: true }, ['selectAll']],
    [{ key: 'C', code: 'KeyC', ctrlKey: true, shiftKey: true }, ['copyText', true]],
    [{ key: 'Escape' }, ['deselect']],
  ])('%j asks for %j', (event, asked) => {
    expect(press(event)).toEqual(asked);
  });

  test.each<Partial<KeyboardEvent>>([
    { key: 'r', ctrlKey: true },
    { key: 'w', ctrlKey: true },
    { key: 'ArrowDown', altKey: true },
    { key: 'a', code: 'KeyA' },
    { key: 'c', code: 'KeyC', ctrlKey: true },
    { key: 'a', isComposing: true },
    { key: 'ArrowDown', defaultPrevented: true },
    { key: 'Tab' },
  ])('%j is the browser’s', (event) => {
    expect(press(event)).toBeNull();
  });
});

describe('with a caret', () => {
  test.each<[Partial<KeyboardEvent>, unknown[]]>([
    [{ key: 'ArrowRight' }, ['step', 'forward', false]],
    [{ key: 'ArrowRight', ctrlKey: true }, ['step', 'word_forward', false]],
    [{ key: 'End', ctrlKey: true, shiftKey: true }, ['step', 'page_end', true]],
    [{ key: 'F7' }, ['setCaret', false]],
  ])('%j asks for %j', (event, asked) => {
    expect(press(event, true)).toEqual(asked);
  });

  test('Shift selects before there is one', () => {
    expect(press({ key: 'ArrowUp', shiftKey: true })).toEqual(['step', 'up', true]);
  });
});

test('no key does two things', () => {
  const all = bindings.flatMap((binding) =>
    binding.keys.map((key) => {
      const { shift, command } = { shift: undefined, command: undefined, ...binding };
      return `${key} ${String(shift)} ${command === 'must' ? 'command' : ''}`;
    }),
  );
  expect(new Set(all).size).toBe(all.length);
});
