// Without the server one is who one was, and only then.
import { EvolumeError, type LayerSummary, type Session } from 'evolume';
import { beforeEach, expect, test, vi } from 'vitest';
import { Identity } from './session.ts';

const requests = vi.hoisted(() => ({
  requestSession: vi.fn<() => Promise<Session>>(),
  requestLayers: vi.fn<() => Promise<LayerSummary[]>>(),
  takeName: vi.fn<() => Promise<Session>>(),
  dropName: vi.fn<() => Promise<void>>(),
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
  provisional: true,
  account: false,
});
const layers: LayerSummary[] = [{ id: 'panel', kind: 'panel', write: true, write_others: false }];

beforeEach(() => {
  memory.clear();
  vi.resetAllMocks();
  requests.requestLayers.mockResolvedValue(layers);
  requests.dropName.mockResolvedValue();
});

const identity = (volume = 'v'): Identity => new Identity(`/api/v1/volumes/${volume}`, volume);

test('a server that is gone leaves one who one was, in the volumes that one had open', async () => {
  requests.requestSession.mockResolvedValue(session('wang'));
  expect(await identity().current()).toEqual({ session: session('wang'), layers });
  requests.requestSession.mockRejectedValue(new EvolumeError('server.gone'));
  expect(await identity().current()).toEqual({ session: session('wang'), layers });
  await expect(identity('other').current()).rejects.toThrow('server.gone');
});

test('a server that answers otherwise is believed', async () => {
  requests.requestSession.mockResolvedValue(session('wang'));
  await identity().current();
  requests.requestSession.mockRejectedValue(new EvolumeError('server.busy'));
  await expect(identity().current()).rejects.toThrow('server.busy');
});

test('somebody without a name has no layers, and is not remembered', async () => {
  requests.requestSession.mockResolvedValue(session(''));
  expect(await identity().current()).toEqual({ session: session(''), layers: [] });
  expect(requests.requestLayers).not.toHaveBeenCalled();
  expect(memory.size).toBe(0);
});

test('a name that was given back is not taken up again offline', async () => {
  requests.takeName.mockResolvedValue(session('wang'));
  requests.requestSession.mockResolvedValue(session(''));
  await identity().enter('wang');
  await identity().leave();
  requests.requestSession.mockRejectedValue(new EvolumeError('server.gone'));
  await expect(identity().current()).rejects.toThrow('server.gone');
});
