// What the windows of one browser say to each other, and what of it is believed.
import type { PageRect, PageRef } from 'evolume';
import { parseRoute } from '../route.ts';

/** Windows of another version are not understood, and do not understand. */
export const VERSION = 2;
const MAX_TEXT = 1_000_000;
const MAX_QUERY = 1_000;
const MAX_PAGES = 200;
const MAX_RECTS = 2_000;

/** Selected text, as another window paints and copies it. */
export type Passage = { page: PageRef; rects: PageRect[] };

/** What a window says. */
export type WindowMessage =
  /** Who is there? */
  | { type: 'hello' }
  /** I am, and read this. */
  | { type: 'here'; volume: string }
  | { type: 'bye' }
  /** Show this place. */
  | { type: 'go'; hash: string }
  /** This text is selected in the volume; nothing, when it is empty. */
  | { type: 'selection'; volume: string; quote: string; passages: Passage[] }
  /** This is looked for. */
  | { type: 'find'; query: string };

/** A content with who says it: one window, one reader, and how many words it has said. */
export type Envelope = WindowMessage & {
  version: number;
  from: string;
  user: string;
  count: number;
};

/** A message out of whatever came; null for what is none, or not of this version. */
export function parseMessage(data: unknown): Envelope | null {
  if (!isRecord(data) || data['version'] !== VERSION) return null;
  const { from, user, count } = data;
  if (!isText(from, 64) || from === '' || !isText(user, 256)) return null;
  if (typeof count !== 'number' || !Number.isSafeInteger(count)) return null;
  const content = parseContent(data);
  return content && { ...content, version: VERSION, from, user, count };
}

function parseContent(data: Record<string, unknown>): WindowMessage | null {
  const { type, volume, hash, quote, passages, query } = data;
  switch (type) {
    case 'hello':
    case 'bye':
      return { type };
    case 'here':
      return isText(volume, 64) ? { type, volume } : null;
    case 'go':
      return isText(hash, 2_000) && parseRoute(hash).view === 'volume' ? { type, hash } : null;
    case 'selection':
      return isText(volume, 64) && isText(quote, MAX_TEXT) && isPassages(passages)
        ? { type, volume, quote, passages }
        : null;
    case 'find':
      return isText(query, MAX_QUERY) ? { type, query } : null;
    default:
      return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown, limit: number): value is string {
  return typeof value === 'string' && value.length <= limit;
}

function isPage(value: unknown): value is PageRef {
  if (!isRecord(value)) return false;
  const { material, index } = value;
  return isText(material, 128) && Number.isSafeInteger(index) && Number(index) >= 0;
}

function isPassages(value: unknown): value is Passage[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_PAGES &&
    value.every((one) => isRecord(one) && isPage(one['page']) && isRects(one['rects']))
  );
}

function isRects(value: unknown): value is PageRect[] {
  const isSide = (side: unknown): boolean => typeof side === 'number' && Number.isFinite(side);
  return (
    Array.isArray(value) &&
    value.length <= MAX_RECTS &&
    value.every(
      (rect) => isRecord(rect) && ['x0', 'y0', 'x1', 'y1'].every((side) => isSide(rect[side])),
    )
  );
}
