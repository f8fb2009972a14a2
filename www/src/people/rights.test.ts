// Without the server one may what one might, and only that: what it said to another person is nobody else's.
import { EvolumeError, type LayerSummary, type Session } from 'evolume';
import { beforeEach, expect, test, vi } from 'vitest';
import { actsOf, layersOf } from './rights.ts';

const requests = vi.hoisted(() => ({
  requestLayers: vi.fn<() => Promise<LayerSummary[]>>(),
  requestActs: vi.fn<() => Promise<string[]>>(),
}));
const memory = vi.hoisted(() => new Map<string, string>());

vi.mock('evolume', async (original) => ({
  ...(await original<typeof import('evolume')>()),
  ...requests,
}));
vi.mock('../storage.ts', () => ({
  recall: (key: string) => memory.get(key) ?? null,
  remember: (key: string, value: string) => memory.set(key, value),
}));

const session = (id: string): Session => ({
  principal: { id, name: id, roles: [] },
  provisional: false,
  account: id !== '',
});
const layers: LayerSummary[] = [{ id: 'panel', kind: 'panel', write: true, write_others: false }];
const volume = '/api/v1/volumes/v';

beforeEach(() => {
  memory.clear();
  vi.resetAllMocks();
  requests.requestLayers.mockResolvedValue(layers);
  requests.requestActs.mockResolvedValue(['read', 'print']);
});

test('a server that is gone leaves what it said, in the volumes that one had open', async () => {
  expect(await layersOf(session('wang'), volume)).toEqual(layers);
  expect([...(await actsOf(session('wang'), volume))]).toEqual(['read', 'print']);
  requests.requestLayers.mockRejectedValue(new EvolumeError('server.gone'));
  requests.requestActs.mockRejectedValue(new EvolumeError('server.gone'));
  expect(await layersOf(session('wang'), volume)).toEqual(layers);
  expect([...(await actsOf(session('wang'), volume))]).toEqual(['read', 'print']);
  await expect(layersOf(session('wang'), '/api/v1/volumes/w')).rejects.toThrow('server.gone');
});

test('what it said to another person counts for nobody else', async () => {
  await actsOf(session('wang'), volume);
  requests.requestActs.mockRejectedValue(new EvolumeError('server.gone'));
  await expect(actsOf(session('li'), volume)).rejects.toThrow('server.gone');
});

test('a server that answers otherwise is believed', async () => {
  await actsOf(session('wang'), volume);
  requests.requestActs.mockRejectedValue(new EvolumeError('not_found'));
  await expect(actsOf(session('wang'), volume)).rejects.toThrow('not_found');
});

test('what an older version kept, in another shape, counts for nothing', async () => {
  memory.set('layers.v', JSON.stringify(layers));
  requests.requestLayers.mockRejectedValue(new EvolumeError('server.gone'));
  await expect(layersOf(session('wang'), volume)).rejects.toThrow('server.gone');
});

test('somebody without a name has no layers, and is not asked about', async () => {
  expect(await layersOf(session(''), volume)).toEqual([]);
  expect(requests.requestLayers).not.toHaveBeenCalled();
});
