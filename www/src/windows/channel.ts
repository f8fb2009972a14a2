// The other windows of the same reader in this browser: who is there, and a line to all of them.
import { readerId } from '../storage.ts';
import { type Envelope, parseMessage, VERSION, type WindowMessage } from './message.ts';

/** How often a window says that it is still there; hidden ones are slowed down by the browser. */
const RENEW = 20_000;
/** A window not heard of for so long is gone without having said so. */
const GONE = 150_000;

/** Tells by `change` that windows have come or gone, by `newcomer` that one wants to know, and by `message` (a `CustomEvent`) what one of them says. */
export class WindowChannel extends EventTarget {
  /** When each of them was last heard of. */
  readonly peers = new Map<string, number>();
  readonly #id = crypto.randomUUID();
  readonly #channel = new BroadcastChannel('evolume');
  readonly #renewing: ReturnType<typeof setInterval>;
  /** The last message heard of each window: an older one is stale. */
  readonly #counts = new Map<string, number>();
  #count = 0;
  readonly #volume: string;

  constructor(volume: string) {
    super();
    this.#volume = volume;
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(parseMessage(data));
    this.#renewing = setInterval(() => this.#renew(), RENEW);
    addEventListener('pagehide', this.#leave);
    this.say({ type: 'hello' });
    this.say({ type: 'here', volume: this.#volume });
  }

  /** Says something to all other windows. */
  say(message: WindowMessage): void {
    this.#count += 1;
    const envelope: Envelope = {
      ...message,
      version: VERSION,
      from: this.#id,
      user: readerId(),
      count: this.#count,
    };
    this.#channel.postMessage(envelope);
  }

  close(): void {
    clearInterval(this.#renewing);
    removeEventListener('pagehide', this.#leave);
    this.#leave();
    this.#channel.close();
  }

  #hear(message: Envelope | null): void {
    if (!message || message.from === this.#id || message.user !== readerId()) return;
    if (message.count <= (this.#counts.get(message.from) ?? 0)) return;
    this.#counts.set(message.from, message.count);
    if (message.type === 'bye') {
      this.peers.delete(message.from);
      return this.#tell('change');
    }
    if (message.type === 'hello') {
      this.say({ type: 'here', volume: this.#volume });
      return this.#tell('newcomer');
    }
    if (message.type === 'here') {
      const known = this.peers.has(message.from);
      this.peers.set(message.from, Date.now());
      if (!known) this.#tell('change');
      return;
    }
    this.dispatchEvent(new CustomEvent<WindowMessage>('message', { detail: message }));
  }

  #renew(): void {
    this.say({ type: 'here', volume: this.#volume });
    const before = this.peers.size;
    for (const [id, heard] of this.peers) {
      if (Date.now() - heard > GONE) this.peers.delete(id);
    }
    if (this.peers.size !== before) this.#tell('change');
  }

  #tell(type: 'change' | 'newcomer'): void {
    this.dispatchEvent(new Event(type));
  }

  readonly #leave = (): void => this.say({ type: 'bye' });
}
