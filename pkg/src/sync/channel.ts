// A document's connection to its room. All channels of a page to one server share a WebSocket.
import { Backoff } from './backoff.ts';
import { decode, type DocKey, encode, PROTOCOL } from './mux.ts';
import { ReconnectingSocket } from './socket.ts';

/** A connection that brings nothing for so long while an answer is due is taken for dead. */
const STALLED = 12_000;

/** Close codes of sockets and channels alike. */
const NORMAL = 1000;
const SESSION_OVER = 4401;
const REFUSED = 4403;
const NOT_FOUND = 4404;

/** Why a channel is closed. */
export type Closing = {
  /**
   * `lost`: it opens again by itself; `refused`: the server does not take what was sent, and would not the next
   * time; `ended`: this reader may not open the document, or not any more.
   */
  kind: 'lost' | 'refused' | 'ended';
  /** The stable code that the server gave, if it gave one. */
  code: string | null;
};

export type ChannelEvents = {
  /** The room listens. */
  open(): void;
  frame(bytes: Uint8Array): void;
  /** Also called when an attempt to connect fails. */
  closed(closing: Closing): void;
};

export interface Channel {
  /** Sends when the channel is open; what is not sent then is asked for by the room later. */
  send(frame: Uint8Array): void;
  /** An answer is due, or no longer: a connection that owes one too long is given up. */
  expect(answer: boolean): void;
  /** Ends for good; nothing is called any more. */
  close(): void;
}

/** Opens a channel and keeps it open. `socket`: address of the server's socket; `principal`: whose session it is. */
export function openChannel(
  socket: string,
  principal: string,
  key: DocKey,
  events: ChannelEvents,
): Channel {
  // Another person's channels come over another socket: the server knows a socket by its session.
  const name = `${socket} ${principal}`;
  let shared = sockets.get(name);
  if (!shared) {
    shared = new SharedSocket(socket, () => sockets.delete(name));
    sockets.set(name, shared);
  }
  return shared.open(key, events);
}

const sockets = new Map<string, SharedSocket>();

class SharedSocket {
  readonly #socket: ReconnectingSocket;
  readonly #channels = new Set<SharedChannel>();
  readonly #ended: () => void;
  #numbers = 0;

  constructor(url: string, ended: () => void) {
    this.#ended = ended;
    this.#socket = new ReconnectingSocket(url, PROTOCOL, {
      open: () => this.#channels.forEach((channel) => channel.begin()),
      message: (bytes) => this.#message(bytes),
      closed: (status, reason) => this.#closed(status, reason),
    });
  }

  open(key: DocKey, events: ChannelEvents): Channel {
    const channel = new SharedChannel(this, this.#socket, key, events);
    this.#channels.add(channel);
    channel.begin();
    return channel;
  }

  /** A number that no channel of this page has had. */
  nextNumber(): number {
    this.#numbers += 1;
    return this.#numbers;
  }

  leave(channel: SharedChannel): void {
    if (this.#channels.delete(channel) && this.#channels.size === 0) this.#end();
  }

  #message(bytes: Uint8Array): void {
    const packet = decode(bytes);
    if (!packet) {
      console.error('a packet that cannot be read');
      return;
    }
    for (const channel of this.#channels) {
      if (channel.number !== packet.channel) continue;
      if (packet.type === 'opened') channel.opened();
      else if (packet.type === 'data') channel.frame(packet.frame);
      else if (packet.type === 'close') channel.closed(packet.status, packet.reason);
      return;
    }
  }

  #closed(status: number, reason: string): boolean {
    for (const channel of [...this.#channels]) channel.lost(status, reason);
    return this.#channels.size > 0;
  }

  #end(): void {
    this.#socket.end();
    this.#ended();
  }
}

class SharedChannel implements Channel {
  /** Its number on the present connection. */
  number: number | null = null;
  readonly #shared: SharedSocket;
  readonly #socket: ReconnectingSocket;
  readonly #key: DocKey;
  readonly #events: ChannelEvents;
  readonly #backoff = new Backoff();
  #isOpen = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #due: ReturnType<typeof setTimeout> | undefined;

  constructor(
    shared: SharedSocket,
    socket: ReconnectingSocket,
    key: DocKey,
    events: ChannelEvents,
  ) {
    this.#shared = shared;
    this.#socket = socket;
    this.#key = key;
    this.#events = events;
  }

  send(frame: Uint8Array): void {
    if (!this.#isOpen || this.number === null) return;
    this.#socket.send(encode({ type: 'data', channel: this.number, frame }));
  }

  expect(answer: boolean): void {
    if (!answer) {
      clearTimeout(this.#due);
      this.#due = undefined;
    } else this.#due ??= setTimeout(() => this.#socket.drop(), STALLED);
  }

  close(): void {
    if (this.number !== null) {
      const end = { type: 'close', channel: this.number, status: NORMAL, reason: '' } as const;
      this.#socket.send(encode(end));
    }
    this.#end();
  }

  /** Asks the server for the room, if there is a connection. */
  begin(): void {
    if (!this.#socket.isOpen) return;
    clearTimeout(this.#again);
    this.number = this.#shared.nextNumber();
    this.#socket.send(encode({ type: 'open', channel: this.number, key: this.#key }));
  }

  opened(): void {
    this.#isOpen = true;
    this.#events.open();
  }

  frame(bytes: Uint8Array): void {
    this.#backoff.reset();
    this.#events.frame(bytes);
  }

  /** The server has ended this channel alone. */
  closed(status: number, reason: string): void {
    if (this.#stop(status, reason) === 'lost') {
      this.#again = setTimeout(() => this.begin(), this.#backoff.next());
    }
  }

  /** The connection has ended: a new one begins again. */
  lost(status: number, reason: string): void {
    clearTimeout(this.#again);
    this.#stop(status, reason);
  }

  #stop(status: number, reason: string): Closing['kind'] {
    this.#isOpen = false;
    this.number = null;
    this.expect(false);
    const kind = kindOf(status);
    if (kind !== 'lost') this.#end();
    this.#events.closed({ kind, code: reason === '' ? null : reason });
    return kind;
  }

  #end(): void {
    this.#isOpen = false;
    this.number = null;
    clearTimeout(this.#again);
    this.expect(false);
    this.#shared.leave(this);
  }
}

function kindOf(status: number): Closing['kind'] {
  if (status === REFUSED) return 'refused';
  return status === SESSION_OVER || status === NOT_FOUND ? 'ended' : 'lost';
}
