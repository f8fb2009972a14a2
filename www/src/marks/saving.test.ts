// Of several layers the least safe one is shown, and nothing is called safer than it is.
import type { LayerState } from 'evolume';
import { expect, test } from 'vitest';
import { savingOf, worst } from './saving.ts';

const state = (change: Partial<LayerState>): LayerState => ({
  link: 'online',
  here: true,
  server: true,
  code: null,
  ...change,
});

test.each([
  [state({}), 'server'],
  [state({ server: false }), 'sending'],
  [state({ here: false, server: false }), 'writing'],
  [state({ here: false, server: false, code: 'storage.unavailable' }), 'memory'],
  // The server has it: that the disk has not is no danger.
  [state({ here: false, code: 'storage.unavailable' }), 'server'],
  [state({ link: 'connecting', server: false }), 'connecting'],
  [state({ link: 'offline', server: false }), 'offline'],
  [state({ link: 'offline' }), 'offline-server'],
  [state({ link: 'ended', server: false }), 'ended'],
  [state({ link: 'refused', code: 'mark.forged' }), 'refused'],
] as const)('%j', (layer, saving) => {
  expect(savingOf(layer)).toBe(saving);
});

test('the least safe layer counts', () => {
  expect(worst([])).toBeNull();
  expect(worst([state({}), state({ link: 'offline', server: false }), state({})])).toBe('offline');
  expect(worst([state({ link: 'refused' }), state({ here: false, server: false })])).toBe(
    'refused',
  );
});
