// Addresses: `#/` is the list of cases, `#/find?q=利息` a search of all of them, `#/account` one's own account, `#/users`
// everybody's, `#/case/ID/members` who is what to a case; `#/v/ID?page=150&zoom=125&offset=0.35`
// a place in a volume, with `&side=12,0.5` another one beside it, with `&q=利息` a search to begin with, with `&lists=1` the
// lists alone, for a second screen. The number of a page is for eyes: `&at=MATERIAL.INDEX` says which page it is, and so
// does a third part of `side`; they count where they disagree with the number, because the materials have another order
// by now. What is behind the `#` is not sent to anybody.
import type { PageRef, Place, Status } from 'evolume';

/** What of a status is in the address. */
type Shown = Pick<Status, 'page' | 'at' | 'zoom' | 'fit' | 'offset'>;

/** Of a material's id in an address. */
const MAX_ID = 128;

/** What to look for. */
export type Find = { query: string; tolerant: boolean };

export type Route =
  | { view: 'cases'; find: Find | undefined }
  | { view: 'account' | 'users' }
  | { view: 'members'; id: string }
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
  if (path === '/account' || path === '/users')
    return { view: path === '/users' ? 'users' : 'account' };
  const of = /^\/case\/([^/]+)\/members$/.exec(path)?.[1];
  if (of) return { view: 'members', id: decode(of) };
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
export function volumeHash(id: string, status?: Shown, side?: Place, lists = false): string {
  const path = `#/v/${encodeURIComponent(id)}`;
  if (!status || status.page === 0) return path;
  const query = new URLSearchParams({
    page: String(status.page),
    zoom: status.fit ?? String(Math.round(status.zoom)),
  });
  const offset = status.offset.toFixed(2);
  if (Number(offset) !== 0) query.set('offset', offset);
  if (status.at) query.set('at', refText(status.at));
  if (side) query.set('side', sideText(side));
  if (lists) query.set('lists', '1');
  // A comma needs no escape there, and reads better.
  return `${path}?${String(query).replaceAll('%2C', ',')}`;
}

/** The address of a place at whatever zoom there is. */
export function spotHash(id: string, { page, offset, at }: Omit<Shown, 'zoom' | 'fit'>): string {
  const query = new URLSearchParams({ page: String(page), offset: offset.toFixed(3) });
  if (at) query.set('at', refText(at));
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

export function accountHash(): string {
  return '#/account';
}

export function usersHash(): string {
  return '#/users';
}

/** The address of a case's members. */
export function membersHash(id: string): string {
  return `#/case/${encodeURIComponent(id)}/members`;
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
  const at = parseRef(query.get('at'));
  const zoomText = query.get('zoom');
  const zoom = zoomText === 'width' || zoomText === 'page' ? zoomText : positive(zoomText);
  if (page === undefined && zoom === undefined && !at) return undefined;
  const offset = Number(query.get('offset') ?? 0);
  return {
    page: Math.floor(page ?? 1),
    ...(at && { at }),
    ...(zoom !== undefined && { zoom }),
    ...(Number.isFinite(offset) && { offset }),
  };
}

function parseSide(query: URLSearchParams): Place | undefined {
  const parts = /^([^,]*),?([^,]*),?(.*)$/.exec(query.get('side') ?? '') ?? [];
  const [, first = null, second, third = null] = parts;
  const page = positive(first);
  const offset = Number(second ?? 0);
  const at = parseRef(third);
  return page
    ? { page: Math.floor(page), offset: Number.isFinite(offset) ? offset : 0, ...(at && { at }) }
    : undefined;
}

function sideText({ page, offset = 0, at }: Place): string {
  return [page, offset.toFixed(2), ...(at ? [refText(at)] : [])].join(',');
}

function refText({ material, index }: PageRef): string {
  return `${material}.${index}`;
}

function parseRef(text: string | null): PageRef | undefined {
  const [, material = '', index = ''] = /^(.+)\.(\d{1,7})$/.exec(text ?? '') ?? [];
  return material !== '' && material.length <= MAX_ID
    ? { material, index: Number(index) }
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
