// Requests to the server, with every failure turned into a stable code.
import { EvolumeError, isProblem } from './error.ts';
import type { Code, Manifest } from './generated/index.ts';

/** The manifest format this code reads. */
const MANIFEST_FORMAT = 1;

/** Fetches text. A server that cannot be reached and one that says no are different errors. */
export async function requestText(
  url: string,
  signal?: AbortSignal,
  send?: { method: 'POST' | 'DELETE'; body?: string },
): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: {
        accept: 'application/json',
        ...(send?.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...send,
      ...(signal && { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new EvolumeError('server.gone', { cause });
  }
  if (!response.ok) throw new EvolumeError(await codeOf(response));
  try {
    return await response.text();
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new EvolumeError('server.gone', { cause });
  }
}

/** A parsed manifest together with the text that the engine parses itself. */
export type LoadedManifest = { text: string; manifest: Manifest };

/** Fetches a volume's manifest. */
export async function requestManifest(
  volume: string,
  signal?: AbortSignal,
): Promise<LoadedManifest> {
  return parseManifest(await requestText(`${volume}/manifest`, signal));
}

function parseManifest(text: string): LoadedManifest {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text) as Manifest;
  } catch (cause) {
    throw new EvolumeError('manifest.format', { cause });
  }
  if (manifest.format !== MANIFEST_FORMAT) throw new EvolumeError('manifest.format');
  return { text, manifest };
}

/** A manifest that is newer than the one of this tag; null when there is none. */
export async function requestNewer(
  volume: string,
  tag: string | null,
  signal: AbortSignal,
): Promise<(LoadedManifest & { tag: string | null }) | null> {
  let response: Response;
  try {
    const headers = tag ? { 'if-none-match': tag } : {};
    response = await fetch(`${volume}/manifest`, { cache: 'no-store', headers, signal });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new EvolumeError('server.gone', { cause });
  }
  if (response.status === 304) return null;
  if (!response.ok) throw new EvolumeError(await codeOf(response));
  const text = await response.text();
  return { ...parseManifest(text), tag: response.headers.get('etag') };
}

async function codeOf(response: Response): Promise<Code> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body)) return body.code;
  if (response.status === 404) return 'not_found';
  // A gateway that answers for a server that is down.
  if (response.status === 502 || response.status === 504) return 'server.gone';
  return response.status === 503 || response.status === 429 ? 'server.busy' : 'server.internal';
}
