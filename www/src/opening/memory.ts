// Where one was reading and how the pages were turned: kept in this browser, for each reader and volume. Earlier versions
// kept a place by the page's number alone, and that still counts where there is nothing better.
import type { Arrangement, Place, View } from 'evolume';
import { readerId, recall, remember } from '../storage.ts';

type Turn = View['turn'];
/** A page is kept by its material, so that a late insertion does not turn another one. */
type Turned = [material: string, index: number, turn: Turn];
type Reading = { place?: Place; arrangement?: Arrangement; turn?: Turn; turns?: Turned[] };
type Entry = [key: string, reading: Reading];

/** Volumes that are kept, the last read ones. */
const LIMIT = 100;
const ARRANGEMENTS: readonly Arrangement[] = ['continuous', 'single', 'two', 'book'];

/** The place at which this reader left the volume. */
export function lastPlace(volume: string): Place | undefined {
  const place = find(volume).place;
  if (!place || !Number.isFinite(place.page) || place.page < 1) return undefined;
  const { page, at, zoom, offset } = place;
  const zoomed = zoom === 'width' || zoom === 'page' || (typeof zoom === 'number' && zoom > 0);
  return {
    page,
    offset: Number.isFinite(offset) ? Number(offset) : 0,
    ...(isRef(at) && { at }),
    ...(zoomed && { zoom }),
  };
}

/** How this reader had the pages arranged and turned. */
export function lastView(volume: string): View {
  const { arrangement, turn, turns } = find(volume);
  const kept = Array.isArray(turns) ? turns : [];
  return {
    arrangement: ARRANGEMENTS.find((one) => one === arrangement) ?? 'continuous',
    turn: isTurn(turn) ? turn : 0,
    turns: kept.flatMap(([material, index, turn]): View['turns'] => {
      const page = { material, index };
      return isRef(page) && isTurn(turn) ? [[page, turn]] : [];
    }),
  };
}

export function keepPlace(volume: string, place: Place): void {
  keep(volume, { place });
}

export function keepView(volume: string, { arrangement, turn, turns }: View): void {
  keep(volume, {
    arrangement,
    turn,
    turns: turns.map(([{ material, index }, turn]) => [material, index, turn]),
  });
}

function isTurn(turn: unknown): turn is Turn {
  return turn === 0 || turn === 90 || turn === 180 || turn === 270;
}

function isRef(at: Place['at']): boolean {
  return typeof at?.material === 'string' && Number.isSafeInteger(at.index);
}

function find(volume: string): Reading {
  const key = keyOf(volume);
  return load().find(([one]) => one === key)?.[1] ?? {};
}

function keep(volume: string, change: Reading): void {
  const key = keyOf(volume);
  const all = load();
  const old = all.find(([one]) => one === key)?.[1];
  const others = all.filter(([one]) => one !== key).slice(1 - LIMIT);
  remember('reading', JSON.stringify([...others, [key, { ...old, ...change }]]));
}

/** Somebody else at the same browser reads elsewhere. */
function keyOf(volume: string): string {
  return `${readerId()} ${volume}`;
}

function load(): Entry[] {
  const all = parse(recall('reading'));
  if (!Array.isArray(all)) return [];
  return all.filter(
    (entry): entry is Entry =>
      Array.isArray(entry) && typeof entry[0] === 'string' && isObject(entry[1]),
  );
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    // Somebody else's, or half written: as if there were nothing.
    return null;
  }
}
