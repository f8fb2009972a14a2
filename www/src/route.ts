// Addresses: `#/` is the list of cases, `#/find?q=利息` a search of all of them, `#/v/ID?page=150&zoom=125&offset=0.35`
// a place in a volume, with `&side=12,0.5` another one beside it, with `&q=利息` a search to begin with, with `&lists=1` the
// lists alone, for a second screen. What is behind the `#` is not sent to anybody.
import type { Place, Status } from 'evolume';

/** What of a status is in the address. */
type Told = Pick<Status, 'page' | 'zoom' | 'fit' | 'offset'>;

/** What to look for. */
export type Find = { query: string; tolerant: boolean };

export type Route =
  | { view: 'cases'; find: Find | undefined }
  | {
      view: 'volume';
      id: string;
      place: Place | undefined;
      side: Place | undefined;
      find: Find | undefined;
      /** The catalogue and the other lists without the pages. */
      lists: boolean;
    };

/** Reads an address; what makes no sense in it is left out, never an error. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const id = /^\/v\/([^/]+)\/?$/.exec(path)?.[1];
  const params = new URLSearchParams(query);
  const find = parseFind(params);
  if (!id) return { view: 'cases', find: path === '/find' ? find : undefined };
  return {
    view: 'volume',
    id: decode(id),
    place: parsePlace(params),
    side: parseSide(params),
    find,
    lists: params.get('lists') === '1',
  };
}

/** The address of a volume, at a place in it. */
export function volumeHash(id: string, status?: Told, side?: Place, lists = false): string {
  const path = `#/v/${encodeURIComponent(id)}`;
  if (!status || status.page === 0) return path;
  const query = new URLSearchParams({
    page: String(status.page),
    zoom: status.fit ?? String(Math.round(status.zoom)),
  });
  const offset = status.offset.toFixed(2);
  if (Number(offset) !== 0) query.set('offset', offset);
  if (side) query.set('side', `${side.page},${(side.offset ?? 0).toFixed(2)}`);
  if (lists) query.set('lists', '1');
  // A comma needs no escape there, and reads better.
  return `${path}?${String(query).replace('%2C', ',')}`;
}

/** The address of a place at whatever zoom there is. */
export function spotHash(id: string, { page, offset }: Pick<Status, 'page' | 'offset'>): string {
  const query = new URLSearchParams({ page: String(page), offset: offset.toFixed(3) });
  return `#/v/${encodeURIComponent(id)}?${query}`;
}

/** The address of a page of a volume, from its upper edge, with a search to begin with. */
export function pageHash(id: string, page: number, find?: Find): string {
  const query = new URLSearchParams({ page: String(page), ...(find && paramsOf(find)) });
  return `#/v/${encodeURIComponent(id)}?${query}`;
}

/** The address of a search of all cases. */
export function findHash(find: Find): string {
  return `#/find?${new URLSearchParams(paramsOf(find))}`;
}

function paramsOf({ query, tolerant }: Find): Record<string, string> {
  return { q: query, ...(tolerant && { tolerant: '1' }) };
}

function parseFind(params: URLSearchParams): Find | undefined {
  const query = params.get('q')?.trim();
  return query ? { query, tolerant: params.get('tolerant') === '1' } : undefined;
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

function parseSide(query: URLSearchParams): Place | undefined {
  const [first, second] = (query.get('side') ?? '').split(',', 2);
  const page = positive(first ?? null);
  const offset = Number(second ?? 0);
  return page
    ? { page: Math.floor(page), offset: Number.isFinite(offset) ? offset : 0 }
    : undefined;
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
