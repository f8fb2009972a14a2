// What other windows say is believed only where it is what a window of this version says.
import { describe, expect, test } from 'vitest';
import { parseMessage, VERSION } from './message.ts';

const envelope = { version: VERSION, from: 'w', user: 'li', count: 1 };
const page = { material: 'm', index: 0 };
const rects = [{ x0: 0, y0: 0, x1: 10, y1: 5 }];
const selection = { type: 'selection', volume: 'v', quote: '利息', passages: [{ page, rects }] };

describe('what is said is heard', () => {
  test.each([
    { type: 'hello' },
    { type: 'bye' },
    { type: 'here', volume: 'v' },
    { type: 'go', hash: '#/v/v?page=3&at=m.2' },
    selection,
    { ...selection, quote: '', passages: [] },
    { type: 'find', query: '' },
  ])('%j', (message) => {
    expect(parseMessage({ ...envelope, ...message })).toEqual({ ...envelope, ...message });
  });
});

test('nothing is taken over that was not asked for', () => {
  const heard = parseMessage({ ...envelope, type: 'hello', hash: 'javascript:alert(1)' });
  expect(heard).toEqual({ ...envelope, type: 'hello' });
});

describe('what is none is not', () => {
  const go = { ...envelope, type: 'go', hash: '#/v/v' };
  test.each([
    null,
    7,
    'go',
    [],
    {},
    { ...go, version: VERSION - 1 },
    { ...go, version: String(VERSION) },
    { ...go, from: '' },
    { ...go, from: 'w'.repeat(65) },
    { ...go, user: 'u'.repeat(257) },
    { ...go, count: 1.5 },
    { ...go, count: '1' },
    { ...go, type: 'stay' },
    { ...go, hash: '#/' },
    { ...go, hash: 'javascript:alert(1)' },
    { ...go, hash: `#/v/v?q=${'x'.repeat(2000)}` },
    { ...envelope, type: 'here', volume: 7 },
    { ...envelope, type: 'find', query: 'x'.repeat(1001) },
    { ...envelope, ...selection, quote: 7 },
    { ...envelope, ...selection, passages: 'all' },
    { ...envelope, ...selection, passages: [{ page: 1, rects }] },
    { ...envelope, ...selection, passages: [{ page: { material: 'm', index: -1 }, rects }] },
    { ...envelope, ...selection, passages: [{ page: { material: 'm', index: 1e99 }, rects }] },
    { ...envelope, ...selection, passages: [{ page: { material: 7, index: 0 }, rects }] },
    { ...envelope, ...selection, passages: [{ page, rects: [{ x0: 0, y0: 0, x1: NaN, y1: 1 }] }] },
    { ...envelope, ...selection, passages: [{ page, rects: [{ x0: 0 }] }] },
    { ...envelope, ...selection, passages: Array(201).fill({ page, rects }) },
  ])('%j', (data) => {
    expect(parseMessage(data)).toBeNull();
  });
});
