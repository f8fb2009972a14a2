// What has to be there before a viewer can be: the Rust side, the manifest, and the first preview on its way.
import { loadEngine } from './engine.ts';
import type { Ahead, EngineModule, Volume } from './engine-face.ts';
import { EvolumeError } from './error.ts';
import type { Manifest } from './generated/index.ts';
import { requestManifest } from './request.ts';

export type Opening = {
  engine: EngineModule;
  manifest: Manifest;
  volume: Volume;
  ahead: Ahead | undefined;
};

/** Fetches it all; `page` is the one that will be shown first. */
export async function prepare(url: string, page: number, signal?: AbortSignal): Promise<Opening> {
  const [engine, { text, manifest }] = await Promise.all([
    loadEngine(),
    requestManifest(url, signal),
  ]);
  let volume: Volume;
  try {
    volume = new engine.Volume(text);
  } catch (cause) {
    throw new EvolumeError('manifest.format', { cause });
  }
  return { engine, manifest, volume, ahead: previewAhead(url, volume, page) };
}

function previewAhead(url: string, volume: Volume, page: number): Ahead | undefined {
  const place = volume.preview(page);
  if (!place) return undefined;
  const [sha256, start, end] = place;
  const bitmap = fetchBitmap(`${url}/blobs/${sha256}`, start, end);
  // Whoever awaits it sees the failure and asks again; nobody may, when the reader goes elsewhere.
  bitmap.catch(() => undefined);
  return [sha256, start, bitmap];
}

async function fetchBitmap(url: string, start: number, end: number): Promise<ImageBitmap> {
  const response = await fetch(url, { headers: { range: `bytes=${start}-${end - 1}` } });
  if (response.status !== 206) throw new Error(`${response.status} for a range of ${url}`);
  return createImageBitmap(await response.blob());
}
