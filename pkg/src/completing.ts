// Gets the whole manifest of a volume that was opened by an excerpt: asked for until it comes.
import { EvolumeError } from './error.ts';
import type { ViewerEventTarget } from './events.ts';
import type { Code, Status } from './generated/index.ts';
import { requestDocument } from './request.ts';

/** Milliseconds before it is asked for again: at first, and at most. */
const SOON = 1_000;
const LATE = 30_000;

/** Rejects only when the signal says so; every failure is told. */
export async function requestWhole(
  url: string,
  signal: AbortSignal,
  failed: (code: Code) => void,
): Promise<Uint8Array> {
  for (let wait = SOON; ; wait = Math.min(LATE, wait * 2)) {
    try {
      const loaded = await requestDocument(url, signal);
      if (loaded) return loaded.bytes;
    } catch (cause) {
      if (signal.aborted) throw cause;
      console.warn(cause);
      failed(EvolumeError.from(cause, 'server.gone').code);
    }
    await online(wait, signal);
  }
}

/** Waits for such a status of the viewer, or so many milliseconds; rejects when the signal says so. */
export async function until(
  viewer: ViewerEventTarget & { readonly status: Status | null },
  such: (status: Status) => boolean,
  patience: number,
  signal: AbortSignal,
): Promise<void> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  await new Promise<void>((done) => {
    const look = (status: Status | null): void => {
      if (status && such(status)) done();
    };
    over.addEventListener('abort', () => done(), { once: true });
    viewer.on('status', look, { signal: over });
    look(viewer.status);
  });
  signal.throwIfAborted();
}

/** Waits for so long, or until the network is back. */
async function online(milliseconds: number, signal: AbortSignal): Promise<void> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
  await new Promise<void>((done) => {
    over.addEventListener('abort', () => done(), { once: true });
    addEventListener('online', () => done(), { once: true, signal: over });
  });
  signal.throwIfAborted();
}
