// Stand-ins for what a browser has and a unit test does not.
import { vi } from 'vitest';

/** A `localStorage` of its own; `refuse` is called first, and may throw as a browser does that forbids it. */
export function fakeStorage(refuse: () => void = () => undefined): Map<string, string> {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => {
      refuse();
      return kept.get(key) ?? null;
    },
    setItem: (key: string, value: string) => {
      refuse();
      kept.set(key, value);
    },
  });
  return kept;
}

/** A viewer's events and last status, as far as those need them who only listen and command. */
export class FakeViewer<Status extends object> {
  status: Status | null = null;
  readonly #events = new EventTarget();

  on(type: string, listen: (detail: unknown) => void, options?: AddEventListenerOptions): void {
    this.#events.addEventListener(
      type,
      (event) => listen((event as CustomEvent<unknown>).detail),
      options,
    );
  }

  tell(type: string, detail: unknown): void {
    this.#events.dispatchEvent(new CustomEvent(type, { detail }));
  }

  move(status: Status): void {
    this.status = status;
    this.tell('status', status);
  }
}
