// How long to wait before the next attempt: longer each time, and never the same for everybody.

/** Milliseconds before the first new attempt, and at most. */
const FIRST = 400;
const LONGEST = 20_000;

export class Backoff {
  #attempts = 0;

  /** Something has worked: the next failure is a first one again. */
  reset(): void {
    this.#attempts = 0;
  }

  next(): number {
    this.#attempts += 1;
    const longest = Math.min(LONGEST, FIRST * 2 ** Math.min(this.#attempts, 8));
    // Not all clients of a server that comes back at the same moment.
    return longest * (0.5 + Math.random() / 2);
  }
}
