// Requests to the server, with every failure turned into a stable code.
import { EvolumeError, isProblem } from './error.ts';
import type { Code, Manifest } from './generated/index.ts';

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

/**
 * A manifest as the server gave it. The engine parses the text by itself; here it is parsed when somebody looks into
 * it, which is after the first page.
 */
export class LoadedManifest {
  readonly text: string;
  #parsed: Manifest | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get manifest(): Manifest {
    return (this.#parsed ??= JSON.parse(this.text) as Manifest);
  }
}

/** Fetches a volume's manifest. */
export async function requestManifest(
  volume: string,
  signal?: AbortSignal,
): Promise<LoadedManifest> {
  return new LoadedManifest(await requestText(`${volume}/manifest`, signal));
}

/** A manifest that is newer than the one of this tag; null when there is none. */
export async function requestNewer(
  volume: string,
  tag: string | null,
  signal: AbortSignal,
): Promise<{ loaded: LoadedManifest; tag: string | null } | null> {
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
  const loaded = new LoadedManifest(await response.text());
  return { loaded, tag: response.headers.get('etag') };
}

async function codeOf(response: Response): Promise<Code> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body)) return body.code;
  if (response.status === 404) return 'not_found';
  // A gateway that answers for a server that is down.
  if (response.status === 502 || response.status === 504) return 'server.gone';
  return response.status === 503 || response.status === 429 ? 'server.busy' : 'server.internal';
}
