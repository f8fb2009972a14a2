// A key does one thing: what has the focus comes first, a field keeps what is typed into it, and nothing is stolen from
// the browser that nobody wanted.
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type KeyBinding, KeyRouter } from './key-router.ts';

/** An element, as far as the router looks at it. */
class Field extends EventTarget {}

beforeAll(() => {
  vi.stubGlobal('HTMLInputElement', Field);
  vi.stubGlobal('HTMLTextAreaElement', Field);
});

const pages = new EventTarget();
const panel = new EventTarget() as Element;

/** Presses a key; answers whether it was kept from the browser. */
function press(
  router: KeyRouter,
  key: string,
  { path = [pages], ...event }: { path?: EventTarget[] } & Partial<KeyboardEvent> = {},
): boolean {
  const preventDefault = vi.fn();
  router.handle({
    key,
    defaultPrevented: false,
    isComposing: false,
    ...event,
    composedPath: () => path,
    preventDefault,
  } as unknown as KeyboardEvent);
  return preventDefault.mock.calls.length > 0;
}

function binding(key: string, act: () => unknown, more: Partial<KeyBinding> = {}): KeyBinding {
  return { shortcut: { fits: (event) => event.key === key }, act, ...more };
}

function setUp(more: Partial<KeyBinding> = {}, answer?: unknown) {
  const act = vi.fn(() => answer);
  const router = new KeyRouter();
  const forget = router.add([binding('n', act, more)]);
  return { act, router, forget };
}

describe('a key', () => {
  test('is carried out, and not the browser’s any more', () => {
    const { act, router } = setUp();
    expect(press(router, 'n')).toBe(true);
    expect(act).toHaveBeenCalledTimes(1);
  });

  test('that means nothing is the browser’s', () => {
    const { act, router } = setUp();
    expect(press(router, 'm')).toBe(false);
    expect(act).not.toHaveBeenCalled();
  });

  test.each([{ defaultPrevented: true }, { isComposing: true }])('is left alone: %j', (event) => {
    const { act, router } = setUp();
    expect(press(router, 'n', event)).toBe(false);
    expect(act).not.toHaveBeenCalled();
  });

  test('is text where somebody types', () => {
    const { act, router } = setUp();
    expect(press(router, 'n', { path: [new Field(), panel] })).toBe(false);
    expect(act).not.toHaveBeenCalled();
  });

  test('may be meant even there', () => {
    const { act, router } = setUp({ whileTyping: true });
    expect(press(router, 'n', { path: [new Field(), panel] })).toBe(true);
    expect(act).toHaveBeenCalledTimes(1);
  });

  test('may mean something in one place only', () => {
    const { act, router } = setUp({ within: () => panel });
    expect(press(router, 'n')).toBe(false);
    expect(press(router, 'n', { path: [new EventTarget(), panel] })).toBe(true);
    expect(act).toHaveBeenCalledTimes(1);
  });

  test('means nothing in a place that is not there', () => {
    const { act, router } = setUp({ within: () => null });
    expect(press(router, 'n')).toBe(false);
    expect(act).not.toHaveBeenCalled();
  });

  test('that is not to be carried out now is the next one’s', () => {
    const { act, router } = setUp({}, false);
    expect(press(router, 'n')).toBe(false);
    const second = vi.fn();
    router.add([binding('n', second)]);
    expect(press(router, 'n')).toBe(true);
    expect(act).toHaveBeenCalledTimes(2);
    expect(second).toHaveBeenCalledTimes(1);
  });

  test('does one thing', () => {
    const { router } = setUp();
    const second = vi.fn();
    router.add([binding('n', second)]);
    press(router, 'n');
    expect(second).not.toHaveBeenCalled();
  });

  test('is forgotten with its table', () => {
    const { act, router, forget } = setUp();
    forget();
    forget();
    expect(press(router, 'n')).toBe(false);
    expect(act).not.toHaveBeenCalled();
  });
});
