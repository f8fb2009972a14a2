// A WebSocket that comes back: with patience, with chance in it, and at once when the network does.
import { Backoff } from './backoff.ts';

export type SocketEvents = {
  open(): void;
  message(bytes: Uint8Array): void;
  /** Returns whether to connect again. */
  closed(status: number, reason: string): boolean;
};

export class ReconnectingSocket {
  readonly #url: string;
  readonly #protocol: string;
  readonly #events: SocketEvents;
  readonly #ending = new AbortController();
  readonly #backoff = new Backoff();
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, protocol: string, events: SocketEvents) {
    this.#url = url;
    this.#protocol = protocol;
    this.#events = events;
    const { signal } = this.#ending;
    addEventListener('online', () => this.#retry(0), { signal });
    addEventListener('offline', () => this.drop(), { signal });
    addEventListener('pageshow', () => this.#retry(0), { signal });
    this.#connect();
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.isOpen) this.#socket?.send(bytes);
  }

  /** Gives up the present connection, to try with a new one. */
  drop(): void {
    this.#socket?.close();
  }

  /** Ends for good. */
  end(): void {
    this.#ending.abort();
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
  }

  #connect(): void {
    if (this.#ending.signal.aborted || this.#socket) return;
    const socket = new WebSocket(this.#url, this.#protocol);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.addEventListener('open', () => {
      if (this.#socket === socket) this.#events.open();
    });
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (this.#socket !== socket || !(event.data instanceof ArrayBuffer)) return;
      this.#backoff.reset();
      this.#events.message(new Uint8Array(event.data));
    });
    socket.addEventListener('close', (event) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      const again = this.#events.closed(event.code, event.reason);
      if (again) this.#retry(this.#backoff.next());
    });
  }

  #retry(delay: number): void {
    clearTimeout(this.#timer);
    if (this.#ending.signal.aborted) return;
    this.#timer = setTimeout(() => this.#connect(), delay);
  }
}
