// The status line may never say that marks are safer than they are.
import type { LayerState } from 'evolume';
import { describe, expect, test } from 'vitest';
import { type Saving, savingOf, worst } from './saving.ts';

type Link = LayerState['link'];

function layer(
  link: Link,
  here: boolean,
  server: boolean,
  code: LayerState['code'] = null,
): LayerState {
  return { link, here, server, code };
}

describe('one layer', () => {
  test.each<[Saving, LayerState]>([
    ['server', layer('online', true, true)],
    ['sending', layer('online', true, false)],
    ['sending', layer('connecting', true, true)],
    ['connecting', layer('connecting', true, false)],
    ['offline', layer('offline', true, false)],
    ['offline-server', layer('offline', true, true)],
    ['writing', layer('online', false, false)],
    ['memory', layer('online', false, false, 'storage.unavailable')],
    ['server', layer('online', false, true, 'storage.unavailable')],
    ['ended', layer('ended', true, false)],
    ['refused', layer('refused', true, true, 'mark.foreign')],
  ])('is %s', (saving, state) => {
    expect(savingOf(state)).toBe(saving);
  });
});

describe('several layers are as safe as the least safe', () => {
  const safe = layer('online', true, true);
  test.each<[Saving, LayerState]>([
    ['server', safe],
    ['sending', layer('online', true, false)],
    ['offline', layer('offline', true, false)],
    ['memory', layer('online', false, false, 'storage.unavailable')],
    ['refused', layer('refused', true, true)],
  ])('%s', (saving, state) => {
    expect(worst([safe, state, safe])).toBe(saving);
  });

  test('no layer is in no state', () => {
    expect(worst([])).toBeNull();
  });
});
