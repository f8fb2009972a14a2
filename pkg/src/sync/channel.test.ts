// Channels over one socket: sharing, opening again, and the three ways to end.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Channel, type Closing, openChannel } from './channel.ts';
import { decode, type DocKey, encode, type Packet } from './mux.ts';

/** The server's end of a socket. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  binaryType = '';
  readonly sent: Packet[] = [];

  constructor() {
    super();
    FakeSocket.all.push(this);
  }

  send(bytes: Uint8Array): void {
    const packet = decode(bytes);
    if (packet) this.sent.push(packet);
  }

  close(): void {
    this.end(1005);
  }

  accept(): void {
    this.readyState = FakeSocket.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  say(packet: Packet): void {
    this.dispatchEvent(new MessageEvent('message', { data: encode(packet).buffer }));
  }

  end(code: number, reason = ''): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason }));
  }
}

/** What a channel was told. */
class Heard {
  opened = 0;
  readonly frames: number[][] = [];
  readonly closings: Closing[] = [];

  open(): void {
    this.opened += 1;
  }

  frame(bytes: Uint8Array): void {
    this.frames.push([...bytes]);
  }

  closed(closing: Closing): void {
    this.closings.push(closing);
  }
}

const key = (name: string): DocKey => ({ scope: 'volume', id: 'v', name });
const channels: Channel[] = [];

function open(name: string, principal = 'wang'): { channel: Channel; heard: Heard } {
  const heard = new Heard();
  const channel = openChannel('ws://server/api/v1/socket', principal, key(name), {
    open: () => heard.open(),
    frame: (bytes) => heard.frame(bytes),
    closed: (closing) => heard.closed(closing),
  });
  channels.push(channel);
  return { channel, heard };
}

function socket(at = FakeSocket.all.length - 1): FakeSocket {
  const found = FakeSocket.all[at];
  if (!found) throw new Error(`there is no socket ${at}`);
  return found;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('addEventListener', () => undefined);
});

afterEach(() => {
  channels.splice(0).forEach((channel) => channel.close());
  FakeSocket.all = [];
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('a socket for the channels of one reader', () => {
  test('carries each channel’s frames to it alone', () => {
    const [panel, own] = [open('panel'), open('private-wang')];
    expect(FakeSocket.all).toHaveLength(1);
    socket().accept();
    expect(socket().sent).toEqual([
      { type: 'open', channel: 1, key: key('panel') },
      { type: 'open', channel: 2, key: key('private-wang') },
    ]);
    panel.channel.send(Uint8Array.of(1));
    expect(socket().sent).toHaveLength(2);
    socket().say({ type: 'opened', channel: 1 });
    panel.channel.send(Uint8Array.of(1));
    expect(socket().sent.at(-1)).toEqual({ type: 'data', channel: 1, frame: Uint8Array.of(1) });
    socket().say({ type: 'data', channel: 1, frame: Uint8Array.of(7) });
    socket().say({ type: 'data', channel: 9, frame: Uint8Array.of(8) });
    expect([panel.heard.frames, own.heard.frames]).toEqual([[[7]], []]);
    expect([panel.heard.opened, own.heard.opened]).toEqual([1, 0]);
  });

  test('is another one for another reader, and ends with the last channel', () => {
    const [wang, li] = [open('panel', 'wang'), open('panel', 'li')];
    expect(FakeSocket.all).toHaveLength(2);
    wang.channel.close();
    wang.channel.close();
    expect([socket(0).readyState, socket(1).readyState]).toEqual([3, 0]);
    expect(wang.heard.closings).toEqual([]);
    li.channel.close();
    open('panel', 'wang');
    expect(FakeSocket.all).toHaveLength(3);
  });

  test('comes back, and its channels with new numbers', () => {
    const { channel, heard } = open('panel');
    socket().accept();
    socket().say({ type: 'opened', channel: 1 });
    socket().end(1006);
    expect(heard.closings).toEqual([{ kind: 'lost', code: null }]);
    vi.advanceTimersByTime(20_000);
    expect(FakeSocket.all).toHaveLength(2);
    socket().accept();
    expect(socket().sent).toEqual([{ type: 'open', channel: 2, key: key('panel') }]);
    socket().say({ type: 'opened', channel: 2 });
    channel.send(Uint8Array.of(5));
    expect(socket().sent.at(-1)).toEqual({ type: 'data', channel: 2, frame: Uint8Array.of(5) });
  });

  test('is given up when an answer stays away', () => {
    const { channel } = open('panel');
    socket().accept();
    socket().say({ type: 'opened', channel: 1 });
    channel.expect(true);
    vi.advanceTimersByTime(11_000);
    channel.expect(false);
    channel.expect(true);
    vi.advanceTimersByTime(11_000);
    expect(socket().readyState).toBe(1);
    vi.advanceTimersByTime(2_000);
    expect(socket(0).readyState).toBe(3);
  });

  test('does not come back when the session is over', () => {
    const [panel, own] = [open('panel'), open('private-wang')];
    socket().accept();
    socket().end(4401, 'identity.required');
    const ended = [{ kind: 'ended', code: 'identity.required' }];
    expect([panel.heard.closings, own.heard.closings]).toEqual([ended, ended]);
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
  });
});

describe('a channel that the server closes', () => {
  test.each([
    [4404, 'not_found', 'ended'],
    [4403, 'mark.forged', 'refused'],
  ] as const)('for good (%i) leaves the others alone', (status, reason, kind) => {
    const [panel, own] = [open('panel'), open('private-wang')];
    socket().accept();
    socket().say({ type: 'opened', channel: 2 });
    socket().say({ type: 'close', channel: 1, status, reason });
    expect(panel.heard.closings).toEqual([{ kind, code: reason }]);
    vi.advanceTimersByTime(60_000);
    expect(socket().sent).toHaveLength(2);
    socket().say({ type: 'data', channel: 2, frame: Uint8Array.of(3) });
    expect(own.heard.frames).toEqual([[3]]);
  });

  test('for now opens again, later each time', () => {
    const { heard } = open('panel');
    socket().accept();
    const waits: number[] = [];
    for (let channel = 1; channel <= 4; channel += 1) {
      socket().say({ type: 'close', channel, status: 4503, reason: 'room.full' });
      const before = Date.now();
      while (socket().sent.length === channel) vi.advanceTimersByTime(50);
      waits.push(Date.now() - before);
    }
    expect(heard.closings).toHaveLength(4);
    expect(FakeSocket.all).toHaveLength(1);
    const [first = 0, , , last = 0] = waits;
    expect(first).toBeGreaterThanOrEqual(400);
    expect(last).toBeGreaterThan(2 * first);
  });
});
