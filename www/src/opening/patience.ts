// A wait that is shown once it is long enough to be felt.

/** Milliseconds before a wait is shown. */
const PATIENCE = 300;

export class Patience {
  /** It has taken long by now. */
  waiting = false;
  readonly #changed: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `changed` is called whenever `waiting` is another. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Notes whether what is waited for is there. */
  note(there: boolean): void {
    if (there) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#set(false);
    } else this.#timer ??= setTimeout(() => this.#set(true), PATIENCE);
  }

  #set(waiting: boolean): void {
    if (this.waiting === waiting) return;
    this.waiting = waiting;
    this.#changed();
  }
}
