// Outlines and links of materials, fetched once when somebody opens them.
import { type Blob, EvolumeError, type Navigation, requestText } from 'evolume';
import { blobUrl } from '../local/shelf.ts';

const loading = new Map<string, Promise<Navigation>>();

/** Fails with an `EvolumeError`; the next call then asks anew. */
export function loadNavigation(volume: string, { sha256 }: Blob): Promise<Navigation> {
  let navigation = loading.get(sha256);
  if (!navigation) {
    navigation = load(blobUrl(volume, sha256));
    navigation.catch(() => loading.delete(sha256));
    loading.set(sha256, navigation);
  }
  return navigation;
}

async function load(url: string): Promise<Navigation> {
  const text = await requestText(url);
  try {
    return JSON.parse(text) as Navigation;
  } catch (cause) {
    throw new EvolumeError('blob.corrupt', { cause });
  }
}
