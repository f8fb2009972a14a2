// Who one is: without the server one is who one was; a session that ends is told from one that is given up.
import { EvolumeError, type Session, type SessionRequest } from 'evolume';
import { beforeEach, expect, test, vi } from 'vitest';
import { Who } from './who.ts';

const requests = vi.hoisted(() => ({
  requestSession: vi.fn<() => Promise<Session>>(),
  beginSession: vi.fn<(request: SessionRequest) => Promise<Session>>(),
  endSession: vi.fn<() => Promise<void>>(),
  hasUnsent: vi.fn<(id: string) => Promise<boolean>>(),
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

const session = (id: string, account = id !== ''): Session => ({
  principal: { id, name: id, roles: [] },
  provisional: false,
  account,
});

let who: Who;
let changes: number;

beforeEach(() => {
  memory.clear();
  vi.resetAllMocks();
  requests.endSession.mockResolvedValue();
  requests.hasUnsent.mockResolvedValue(false);
  who = new Who();
  changes = 0;
  who.addEventListener('change', () => (changes += 1));
});

async function signIn(id: string): Promise<void> {
  requests.beginSession.mockResolvedValue(session(id));
  await who.begin({ login: id, password: 'x' });
}

test('the server is asked once, however many want to know', async () => {
  requests.requestSession.mockResolvedValue(session('wang'));
  await Promise.all([who.current(), who.current()]);
  await who.current();
  expect(requests.requestSession).toHaveBeenCalledTimes(1);
  expect([who.known, changes]).toEqual([true, 1]);
});

test('a server that is gone leaves one who one was, and one that answers is believed', async () => {
  await signIn('wang');
  const later = new Who();
  requests.requestSession.mockRejectedValue(new EvolumeError('server.gone'));
  expect(await later.current()).toEqual(session('wang'));
  requests.requestSession.mockRejectedValue(new EvolumeError('server.busy'));
  await expect(new Who().current()).rejects.toThrow('server.busy');
});

test('a session that ended elsewhere is missed, until somebody signs in', async () => {
  await signIn('wang');
  requests.requestSession.mockResolvedValue(session(''));
  await who.over();
  expect([who.known, who.lost]).toEqual([false, session('wang')]);
  await signIn('wang');
  expect([who.known, who.lost]).toEqual([true, null]);
});

test('one that was given up is not missed, nor taken up again offline', async () => {
  await signIn('wang');
  requests.requestSession.mockResolvedValue(session(''));
  // The sockets are closed before the answer comes.
  requests.endSession.mockImplementation(() => who.over());
  await who.end();
  expect([who.known, who.lost]).toEqual([false, null]);
  requests.requestSession.mockRejectedValue(new EvolumeError('server.gone'));
  await expect(new Who().current()).rejects.toThrow('server.gone');
});

test('one that could not be given up is still there', async () => {
  await signIn('wang');
  requests.endSession.mockRejectedValue(new EvolumeError('server.gone'));
  await expect(who.end()).rejects.toThrow('server.gone');
  expect(who.known).toBe(true);
  // And is missed when it ends after that.
  requests.requestSession.mockResolvedValue(session(''));
  await who.over();
  expect(who.lost).toEqual(session('wang'));
});

test('a provisional name that is given back in another tab is not missed', async () => {
  requests.beginSession.mockResolvedValue(session('wang', false));
  await who.begin({ name: 'wang' });
  requests.requestSession.mockResolvedValue(session(''));
  await who.over();
  expect(who.lost).toBeNull();
});

test('marks that wait here for somebody are told, and no longer once somebody is there', async () => {
  await signIn('wang');
  requests.requestSession.mockResolvedValue(session(''));
  requests.hasUnsent.mockImplementation((id) => Promise.resolve(id === 'wang'));
  await who.end();
  expect(who.kept).toBe('wang');
  await signIn('li');
  expect(who.kept).toBeNull();
});

test('only a stranger where names are not given away is asked to sign in', async () => {
  requests.requestSession.mockResolvedValue({ ...session(''), provisional: true });
  expect([await who.askStranger(), who.asked]).toEqual([false, false]);
  requests.requestSession.mockResolvedValue(session(''));
  await who.refresh();
  expect([await who.askStranger(), who.asked]).toEqual([true, true]);
  await signIn('wang');
  expect(who.asked).toBe(false);
});
