// A WebSocket that comes back: with patience, with chance in it, and at once when the network does.

/** Milliseconds before the first new attempt, and at most. */
const FIRST = 400;
const LONGEST = 20_000;
/** A connection that brings nothing for so long while an answer is due is taken for dead. */
const STALLED = 12_000;

/** The server ends a connection for what was sent, not for what it is: the same again would not help. */
const REFUSED = 4403;

export type LineEvents = {
  open(): void;
  frame(bytes: Uint8Array): void;
  /** `code`: the stable code that the server gave, when it refuses what was sent. */
  closed(refusal: string | null): void;
  /** The handshake failed; resolves to false when trying again is of no use. */
  rejected(): Promise<boolean>;
};

export class Line {
  readonly #url: string;
  readonly #events: LineEvents;
  readonly #ending = new AbortController();
  #socket: WebSocket | null = null;
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, events: LineEvents) {
    this.#url = url;
    this.#events = events;
    const { signal } = this.#ending;
    addEventListener('online', () => this.#retry(0), { signal });
    addEventListener('offline', () => this.#socket?.close(), { signal });
    addEventListener('pageshow', () => this.#retry(0), { signal });
    this.#connect();
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  /** An answer is due, or no longer. */
  expect(answer: boolean): void {
    if (!answer) {
      clearTimeout(this.#due);
      this.#due = undefined;
    } else this.#due ??= setTimeout(() => this.#socket?.close(), STALLED);
  }

  /** Ends for good. */
  end(): void {
    this.#ending.abort();
    clearTimeout(this.#timer);
    this.expect(false);
    this.#socket?.close();
    this.#socket = null;
  }

  #connect(): void {
    if (this.#ending.signal.aborted || this.#socket) return;
    const socket = new WebSocket(this.#url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    let opened = false;
    socket.addEventListener('open', () => {
      if (this.#socket !== socket) return;
      opened = true;
      this.#events.open();
    });
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (this.#socket !== socket || !(event.data instanceof ArrayBuffer)) return;
      this.#attempts = 0;
      this.#events.frame(new Uint8Array(event.data));
    });
    // Closing is slow when the network is gone: what counts is that it was asked for.
    socket.addEventListener('close', (event) => {
      if (this.#socket === socket) void this.#closed(opened, event);
    });
  }

  async #closed(opened: boolean, event: CloseEvent): Promise<void> {
    this.#socket = null;
    this.expect(false);
    const refusal = event.code === REFUSED ? event.reason : null;
    this.#events.closed(refusal);
    if (refusal !== null || this.#ending.signal.aborted) return;
    if (!opened && !(await this.#events.rejected())) return;
    this.#attempts += 1;
    const longest = Math.min(LONGEST, FIRST * 2 ** Math.min(this.#attempts, 8));
    // Not all clients of a server that comes back at the same moment.
    this.#retry(longest * (0.5 + Math.random() / 2));
  }

  #retry(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), delay);
  }
}
