// Requests to the server, with every failure turned into a stable code.
import { EvolumeError, isProblem } from './error.ts';
import type { Code } from './generated/index.ts';

/** What is to be changed, and how. */
export type Send = { method: 'POST' | 'PATCH' | 'DELETE'; body?: unknown };

/** Fetches text. A server that cannot be reached and one that says no are different errors. */
export async function requestText(url: string, signal?: AbortSignal, send?: Send): Promise<string> {
  const body = send?.body === undefined ? null : JSON.stringify(send.body);
  const headers = {
    accept: 'application/json',
    ...(body !== null && { 'content-type': 'application/json' }),
  };
  const init = { headers, body, method: send?.method ?? 'GET' };
  return request(url, init, signal, (response) => response.text());
}

/** Fetches what the server has to say in JSON; null where it says nothing. */
export async function requestJson<T>(url: string, signal?: AbortSignal, send?: Send): Promise<T> {
  const text = await requestText(url, signal, send);
  try {
    return JSON.parse(text || 'null') as T;
  } catch (cause) {
    throw new EvolumeError('server.internal', { cause });
  }
}

/** A document about a volume as it came: the engine reads it by itself. */
export type Document = { bytes: Uint8Array; tag: string | null };

/** Fetches a document; null when it is still the one of this tag. */
export async function requestDocument(
  url: string,
  signal?: AbortSignal,
  tag?: string | null,
): Promise<Document | null> {
  const known: RequestInit = tag ? { cache: 'no-store', headers: { 'if-none-match': tag } } : {};
  return request(url, known, signal, async (response) => {
    if (response.status === 304) return null;
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { bytes, tag: response.headers.get('etag') };
  });
}

async function request<T>(
  url: string,
  init: RequestInit,
  signal: AbortSignal | undefined,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  try {
    const response = await fetch(url, { ...init, ...(signal && { signal }) });
    if (response.ok || response.status === 304) return await read(response);
    throw new EvolumeError(await codeOf(response), { wait: waitOf(response) });
  } catch (cause) {
    if (signal?.aborted || cause instanceof EvolumeError) throw cause;
    throw new EvolumeError('server.gone', { cause });
  }
}

async function codeOf(response: Response): Promise<Code> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body)) return body.code;
  if (response.status === 404) return 'not_found';
  // A gateway that answers for a server that is down.
  if (response.status === 502 || response.status === 504) return 'server.gone';
  return response.status === 503 || response.status === 429 ? 'server.busy' : 'server.internal';
}

function waitOf(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) ? seconds : null;
}
