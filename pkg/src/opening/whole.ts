// Gets the whole manifest of a volume that was opened by an excerpt: asked for until it comes.
import { EvolumeError } from '../error.ts';
import type { ViewerEventTarget } from '../events.ts';
import type { Code, Status } from '../generated/index.ts';
import { requestDocument } from '../request.ts';

/** Milliseconds before it is asked for again: at first, and at most. */
const SOON = 1_000;
const LATE = 30_000;

/** Rejects only when the signal says so; every failure is told. */
export async function requestWhole(
  url: string,
  signal: AbortSignal,
  failed: (code: Code) => void,
): Promise<Uint8Array> {
  for (let pause = SOON; ; pause = Math.min(LATE, pause * 2)) {
    try {
      const loaded = await requestDocument(url, signal);
      if (loaded) return loaded.bytes;
    } catch (cause) {
      if (signal.aborted) throw cause;
      console.warn(cause);
      failed(EvolumeError.from(cause, 'server.gone').code);
    }
    // Or until the network is back.
    await wait(pause, signal, (done, over) => {
      addEventListener('online', done, { once: true, signal: over });
    });
  }
}

/** Waits for such a status of the viewer, or so many milliseconds; rejects when the signal says so. */
export function until(
  viewer: ViewerEventTarget & { readonly status: Status | null },
  such: (status: Status) => boolean,
  patience: number,
  signal: AbortSignal,
): Promise<void> {
  return wait(patience, signal, (done, over) => {
    const look = (status: Status | null): void => {
      if (status && such(status)) done();
    };
    viewer.on('status', look, { signal: over });
    look(viewer.status);
  });
}

/** Waits until `listen` says so, but no longer than so many milliseconds; rejects when the signal says so. */
async function wait(
  milliseconds: number,
  signal: AbortSignal,
  listen: (done: () => void, over: AbortSignal) => void,
): Promise<void> {
  signal.throwIfAborted();
  const over = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
  await new Promise<void>((done) => {
    over.addEventListener('abort', () => done(), { once: true });
    listen(done, over);
  });
  signal.throwIfAborted();
}
