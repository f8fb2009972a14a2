// Outlines and links of materials, fetched once when somebody opens them.
import { type Blob, EvolumeError, type Guide, requestText } from 'evolume';
import { blobUrl } from '../local/shelf.ts';

const loading = new Map<string, Promise<Guide>>();

/** Fails with an `EvolumeError`; the next call then asks anew. */
export function loadGuide(volume: string, { sha256 }: Blob): Promise<Guide> {
  let guide = loading.get(sha256);
  if (!guide) {
    guide = load(blobUrl(volume, sha256));
    guide.catch(() => loading.delete(sha256));
    loading.set(sha256, guide);
  }
  return guide;
}

async function load(url: string): Promise<Guide> {
  const text = await requestText(url);
  try {
    return JSON.parse(text) as Guide;
  } catch (cause) {
    throw new EvolumeError('blob.corrupt', { cause });
  }
}
