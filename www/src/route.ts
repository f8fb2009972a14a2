// Addresses: `#/` is the list of cases, `#/v/ID?page=150&zoom=125&offset=0.35` a place in a volume.
import type { Place, Status } from 'evolume';

/** What of a status is in the address. */
type Told = Pick<Status, 'page' | 'zoom' | 'fit' | 'offset'>;

export type Route = { view: 'cases' } | { view: 'volume'; id: string; place: Place | undefined };

/** Reads an address; what makes no sense in it is left out, never an error. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const id = /^\/v\/([^/]+)\/?$/.exec(path)?.[1];
  return id
    ? { view: 'volume', id: decode(id), place: parsePlace(new URLSearchParams(query)) }
    : { view: 'cases' };
}

/** The address of a volume, at a place in it. */
export function volumeHash(id: string, status?: Told): string {
  const path = `#/v/${encodeURIComponent(id)}`;
  if (!status || status.page === 0) return path;
  const query = new URLSearchParams({
    page: String(status.page),
    zoom: status.fit ?? String(Math.round(status.zoom)),
  });
  const offset = status.offset.toFixed(2);
  if (Number(offset) !== 0) query.set('offset', offset);
  return `${path}?${query}`;
}

/** The address of a page of a volume, from its upper edge. */
export function pageHash(id: string, page: number): string {
  return `#/v/${encodeURIComponent(id)}?page=${page}`;
}

/** Where the server keeps a volume. */
export function volumeUrl(id: string): string {
  return `/api/v1/volumes/${encodeURIComponent(id)}`;
}

function parsePlace(query: URLSearchParams): Place | undefined {
  const page = positive(query.get('page'));
  const zoomText = query.get('zoom');
  const zoom = zoomText === 'width' || zoomText === 'page' ? zoomText : positive(zoomText);
  if (page === undefined && zoom === undefined) return undefined;
  const offset = Number(query.get('offset') ?? 0);
  return {
    page: Math.floor(page ?? 1),
    ...(zoom !== undefined && { zoom }),
    ...(Number.isFinite(offset) && { offset }),
  };
}

function positive(text: string | null): number | undefined {
  const number = Number(text);
  return Number.isFinite(number) && number >= 1 ? number : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
