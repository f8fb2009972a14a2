// Files of the reader's own that are open in this window. The browser keeps none of them beyond it.
import type { LocalVolume } from 'evolume';
import { volumeUrl } from '../route.ts';

/** More are let go, the oldest first: each may take hundreds of megabytes. */
const LIMIT = 3;

const files = new Map<string, LocalVolume>();

/** Whether this is the id of a reader's own file; it is made of the file's hash. */
export function isLocal(volume: string): boolean {
  return volume.startsWith('local-');
}

export function localVolume(id: string): LocalVolume | undefined {
  return files.get(id);
}

export function shelve(volume: LocalVolume): void {
  const { volume: id } = volume.manifest;
  files.get(id)?.close();
  files.delete(id);
  files.set(id, volume);
  for (const [oldest, file] of files) {
    if (files.size <= LIMIT) return;
    file.close();
    files.delete(oldest);
  }
}

/** Where a blob of a volume lies. */
export function blobUrl(volume: string, sha256: string): string {
  return files.get(volume)?.addresses[sha256] ?? `${volumeUrl(volume)}/blobs/${sha256}`;
}
