// Evolume in a web page: opens a volume in an element.
import { loadEngine } from './engine.ts';
import { type LoadedManifest, requestManifest } from './request.ts';
import { EvolumeViewer, type ViewerOptions } from './viewer.ts';

export { EvolumeError } from './error.ts';
export type { ViewerEvents, ViewerProblem } from './events.ts';
export type * from './generated/index.ts';
export { requestText } from './request.ts';
export type { Found, PageHit } from './search.ts';
export { EvolumeViewer, type Labels, type Place } from './viewer.ts';

export type OpenOptions = ViewerOptions & {
  /** Gives up the opening; to end a viewer that is open, call its `destroy`. */
  signal?: AbortSignal;
};

/** Manifests asked for before their viewer was. */
const ahead = new Map<string, Promise<LoadedManifest>>();

/** Starts the downloads that `open` will need, for a page that has other things to load first. */
export function preload(volume?: string): void {
  // Failures are told by `open`, which meets them again.
  loadEngine().catch(() => undefined);
  if (!volume || ahead.has(volume)) return;
  const loading = requestManifest(volume);
  loading.catch(() => ahead.delete(volume));
  ahead.set(volume, loading);
}

/** Opens a volume in `host`, which gives the size. Fails with an `EvolumeError`. */
export async function open(host: HTMLElement, options: OpenOptions): Promise<EvolumeViewer> {
  const early = ahead.get(options.volume);
  // Used once: a volume opened again may have a new revision.
  ahead.delete(options.volume);
  const [engine, loaded] = await Promise.all([
    loadEngine(),
    early ?? requestManifest(options.volume, options.signal),
  ]);
  options.signal?.throwIfAborted();
  return new EvolumeViewer(host, engine, loaded, options);
}
