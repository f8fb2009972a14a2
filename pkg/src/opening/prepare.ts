// What has to be there before a viewer can be: the Rust side, enough of the manifest, the first preview on its way.
import { loadEngine } from '../engine.ts';
import type { Ahead, EngineModule, Volume } from '../engine-face.ts';
import { EvolumeError } from '../error.ts';
import { type Loaded, LoadedExcerpt } from './known.ts';
import type { LocalVolume } from '../local.ts';
import { toNumber } from '../numbering.ts';
import { requestDocument } from '../request.ts';

export type Opening = {
  engine: EngineModule;
  known: Loaded;
  volume: Volume;
  /** From 1: what is needed for this page is there. */
  page: number;
  ahead?: Ahead | undefined;
  /** Which manifest the server gave. */
  tag?: string | null;
};

/** A preview that was asked for by page number; `tag` says which bytes they are: `"SHA-START"`. */
type Preview = { tag: string | null; bitmap: ImageBitmap };

/** Fetches it all at the same time; `page` is the one that will be shown first. */
export async function prepare(url: string, first: number, signal?: AbortSignal): Promise<Opening> {
  const page = toNumber(first);
  const preview = requestPreview(url, page, signal);
  // Whoever awaits it sees the failure and asks again; nobody may, when the reader goes elsewhere.
  preview.catch(() => undefined);
  const [engine, loaded] = await Promise.all([
    loadEngine(),
    requestDocument(`${url}/pages/${page}/excerpt`, signal),
  ]);
  if (!loaded) throw new EvolumeError('server.internal');
  let volume: Volume;
  try {
    volume = new engine.Volume(loaded.bytes);
  } catch (cause) {
    throw new EvolumeError('manifest.format', { cause });
  }
  const known = new LoadedExcerpt(loaded.bytes);
  return { engine, known, volume, page, ahead: aheadOf(volume, page, preview), tag: loaded.tag };
}

/** The same of a reader's own file. */
export async function prepareLocal(known: LocalVolume): Promise<Opening> {
  const engine = await loadEngine();
  return { engine, known, volume: new engine.Volume(known.excerpt), page: 1 };
}

async function requestPreview(url: string, page: number, signal?: AbortSignal): Promise<Preview> {
  const response = await fetch(`${url}/pages/${page}/preview`, signal ? { signal } : {});
  if (!response.ok) throw new Error(`${response.status} for the preview of page ${page}`);
  const bitmap = await createImageBitmap(await response.blob());
  return { tag: response.headers.get('etag'), bitmap };
}

/** The preview as the manifest names it: between the two requests the pages may have moved. */
function aheadOf(volume: Volume, page: number, preview: Promise<Preview>): Ahead | undefined {
  const place = volume.preview(page);
  if (!place) return undefined;
  const [sha256, start] = place;
  const bitmap = preview.then(({ tag, bitmap }) => {
    if (tag === `"${sha256}-${start}"`) return bitmap;
    bitmap.close();
    throw new Error('the preview is of another page');
  });
  bitmap.catch(() => undefined);
  return [sha256, start, bitmap];
}
