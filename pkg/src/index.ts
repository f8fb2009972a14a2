// Evolume in a web page: opens a volume in an element.
import { loadEngine } from './engine.ts';
import type { LocalVolume } from './local.ts';
import { type Opening, prepare, prepareLocal } from './opening/prepare.ts';
import type { LayerOptions, LayerRoom } from './sync/layer.ts';
import type { ViewerOptions } from './options.ts';
import { EvolumeViewer } from './viewer.ts';

export { EvolumeError } from './error.ts';
export type { ViewerEvents, ViewerProblem } from './events.ts';
export type * from './generated/index.ts';
export { MARK_INK, MARK_KINDS, MAX_NOTE } from './generated/index.ts';
export { type BindingId, bindings } from './keyboard.ts';
export type { Counted, Known } from './opening/known.ts';
export type { LocalVolume } from './local.ts';
export { Numbering } from './numbering.ts';
export { requestJson, requestText } from './request.ts';
export type { LayerOptions, LayerRoom, LayerState } from './sync/layer.ts';
export {
  beginSession,
  endSession,
  requestActs,
  requestLayers,
  requestSession,
} from './sync/session.ts';
export type { Found, How, PageHit } from './search.ts';
export type { Labels, Place } from './options.ts';
export { samePage } from './view.ts';
export { EvolumeViewer } from './viewer.ts';

export type OpenOptions = ViewerOptions & {
  /** Gives up the opening; to end a viewer that is open, call its `destroy`. */
  signal?: AbortSignal;
};

/** Volumes asked for before their viewer was. */
const early = new Map<string, Promise<Opening>>();

/** Starts the downloads that `open` will need, for a page that has other things to load first. */
export function preload(volume?: string, page = 1): void {
  // Failures are told by `open`, which meets them again.
  loadEngine().catch(() => undefined);
  if (!volume || early.has(volume)) return;
  const opening = prepare(volume, page);
  opening.catch(() => early.delete(volume));
  early.set(volume, opening);
}

/** Opens a layer of marks. What it needs is loaded now: call it when the first page is there. */
export async function openLayer(options: LayerOptions): Promise<LayerRoom> {
  const layers = await import('./sync/layer.ts');
  return layers.openLayer(options);
}

/** Whether this browser has marks of a person's that are not known to be on the server. */
export async function hasUnsent(principal: string): Promise<boolean> {
  const storage = await import('./sync/storage.ts');
  return storage.hasUnsent(principal);
}

/**
 * Takes a PDF of the reader's in, in the browser alone; `ask` is called for its password, with whether the last
 * one was wrong, and gives it up by null. Fails with an `EvolumeError`.
 */
export async function openLocal(
  file: File,
  ask: (wrong: boolean) => Promise<string | null>,
): Promise<LocalVolume | null> {
  const local = await import('./local.ts');
  return local.openLocal(file, ask);
}

/** Opens a volume in `host`, which gives the size. Fails with an `EvolumeError`. */
export async function open(host: HTMLElement, options: OpenOptions): Promise<EvolumeViewer> {
  const { volume, signal, local } = options;
  const ready = early.get(volume);
  // Used once: a volume opened again may have a new revision.
  early.delete(volume);
  const opening = await (local
    ? prepareLocal(local)
    : (ready ?? prepare(volume, options.place?.page ?? 1, signal)));
  signal?.throwIfAborted();
  return new EvolumeViewer(host, opening, options);
}
