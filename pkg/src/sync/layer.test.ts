// A layer says where its marks are safe and no more than is true, and hands on changes one by one.
import { beforeEach, expect, test, vi } from 'vitest';
import type { LayerSummary, Mark, MarkChanges, Principal } from '../generated/index.ts';
import type { ChannelEvents } from './channel.ts';
import type { Layer, Outcome } from './engine.ts';
import { LayerRoom } from './layer.ts';
import type { LayerStorage } from './storage.ts';

const channel: { sent: Uint8Array[]; events?: ChannelEvents } = vi.hoisted(() => ({ sent: [] }));

vi.mock('./engine.ts', () => ({}));
vi.mock('./channel.ts', () => ({
  openChannel: (_url: string, _principal: string, _key: unknown, events: ChannelEvents) => {
    channel.events = events;
    return { send: (frame: Uint8Array) => channel.sent.push(frame), expect() {}, close() {} };
  },
}));

const server = (): ChannelEvents => {
  if (!channel.events) throw new Error('no channel is open');
  return channel.events;
};

const principal: Principal = { id: 'me', name: '王法官', roles: [] };
const layer: LayerSummary = { id: 'panel', kind: 'panel', write: true, write_others: false };

function mark(id: string, note = ''): Mark {
  const page = { material: 'm', index: 0 };
  return {
    id,
    v: 1,
    kind: 'highlight',
    target: { type: 'page', page },
    style: { colour: 'blue', width: null },
    note,
    tags: [],
    status: null,
    parent: null,
    author: 'me',
    author_name: '王法官',
    created: 1,
    updated: 1,
    newer: false,
  };
}

class Engine {
  saved = false;
  next: Partial<Outcome> = {};

  marks = (): string => JSON.stringify([mark('a'), mark('b')]);
  people = (): string => '[]';
  isSaved = (): boolean => this.saved;
  canUndo = (): boolean => false;
  connected = (): Outcome => this.#outcome();
  disconnected = (): Outcome => this.#outcome();
  receive = (): Outcome => this.#outcome();
  command = (): Outcome => this.#outcome();

  #outcome(): Outcome {
    const outcome = { made: [], received: [], send: [], refusal: '', presence: false, free() {} };
    return { ...outcome, ...this.next } as unknown as Outcome;
  }
}

class Disk {
  hasUnsaved = false;
  works = true;

  async add(_update: Uint8Array, mine: boolean): Promise<void> {
    await Promise.resolve();
    if (!this.works) throw new Error('no space');
    this.hasUnsaved ||= mine;
  }

  async settle(): Promise<void> {
    await Promise.resolve();
    this.hasUnsaved = false;
  }
}

let engine: Engine;
let disk: Disk;
let room: LayerRoom;

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  channel.sent = [];
  engine = new Engine();
  disk = new Disk();
  room = new LayerRoom(
    { volume: '/api/v1/volumes/v', layer, principal },
    'http://localhost/api/v1/volumes/v',
    engine as unknown as Layer,
    disk as unknown as LayerStorage,
    true,
  );
  return () => room.close();
});

const made = { made: [new Uint8Array([1])], send: [new Uint8Array([2])] };

test('only the marks that changed are handed on', () => {
  const seen: MarkChanges[] = [];
  room.on('marks', (changes) => seen.push(changes));
  const before = room.marks.get('a');
  engine.next = { changes: JSON.stringify({ put: [mark('c'), mark('b', '改')], drop: [] }) };
  server().frame(new Uint8Array());
  engine.next = { changes: JSON.stringify({ put: [], drop: ['c'] }) };
  server().frame(new Uint8Array());
  engine.next = {};
  server().frame(new Uint8Array());
  expect(seen.map(({ put, drop }) => [put.map(({ id }) => id), drop])).toEqual([
    [['c', 'b'], []],
    [[], ['c']],
  ]);
  expect([...room.marks.keys()]).toEqual(['a', 'b']);
  expect(room.marks.get('b')?.note).toBe('改');
  expect(room.marks.get('a')).toBe(before);
});

test('what is made is safe here when the disk has it, and there when the server says so', async () => {
  server().open();
  engine.next = made;
  room.command({ type: 'undo' });
  expect(channel.sent).toEqual([new Uint8Array([2])]);
  expect(room.state).toMatchObject({ link: 'online', here: false, server: false });
  await vi.waitFor(() => expect(room.state.here).toBe(true));
  expect(room.state.server).toBe(false);
  [engine.next, engine.saved] = [{}, true];
  server().frame(new Uint8Array());
  expect(room.state).toMatchObject({ here: true, server: true });
  await vi.waitFor(() => expect(disk.hasUnsaved).toBe(false));
});

test('a disk that fails is said, also when the server has everything', async () => {
  server().open();
  [disk.works, engine.saved, engine.next] = [false, true, made];
  room.command({ type: 'undo' });
  await vi.waitFor(() => expect(room.state.code).toBe('storage.unavailable'));
  expect(room.state).toMatchObject({ here: false, server: true });
});

test('offline, the server has what the disk does not hold back', async () => {
  engine.next = made;
  room.command({ type: 'undo' });
  await vi.waitFor(() => expect(room.state.here).toBe(true));
  expect(room.state).toMatchObject({ link: 'connecting', server: false });
});

test.each([
  ['lost', null, { link: 'offline', code: null }],
  ['refused', 'mark.forged', { link: 'refused', code: 'mark.forged' }],
  ['refused', 'from.a.newer.server', { link: 'refused', code: 'viewer.panic' }],
  ['ended', null, { link: 'ended', code: 'identity.required' }],
] as const)('a connection that is %s (%s)', (kind, code, state) => {
  server().open();
  server().closed({ kind, code });
  expect(room.state).toMatchObject(state);
});

test('the reason that the room gave counts more than that of the connection', () => {
  server().open();
  engine.next = { refusal: 'mark.foreign' };
  server().frame(new Uint8Array());
  engine.next = {};
  server().closed({ kind: 'refused', code: 'layer.malformed' });
  expect(room.state).toMatchObject({ link: 'refused', code: 'mark.foreign' });
});

test('a command that may not be is an error with its code, and changes nothing', () => {
  engine.command = () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- as the wasm does
    throw 'mark.newer';
  };
  expect(() => room.command({ type: 'remove', id: 'a' })).toThrow('mark.newer');
  expect(room.marks.size).toBe(2);
});
