// Where one was reading and how the pages were turned: kept in this browser, for each reader and volume.
import type { Arrangement, Known, Manifest, Place, View } from 'evolume';
import { readerId, recall, remember } from '../settings.ts';

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
  const { page, zoom, offset } = place;
  const zoomed = zoom === 'width' || zoom === 'page' || (typeof zoom === 'number' && zoom > 0);
  return { page, offset: Number.isFinite(offset) ? Number(offset) : 0, ...(zoomed && { zoom }) };
}

/** How this reader had the pages arranged and turned. */
export function lastView(volume: string, known: Pick<Known, 'materials'>): View {
  const { arrangement, turn, turns } = find(volume);
  const kept = new Map(
    (Array.isArray(turns) ? turns : []).map(([id, index, turn]) => [`${id} ${index}`, turn]),
  );
  const pages: View['turns'] = [];
  let before = 0;
  for (const { id, pages: own } of kept.size > 0 ? known.materials : []) {
    for (let index = 0; id && index < own; index++) {
      const turn = kept.get(`${id} ${index}`);
      if (isTurn(turn)) pages.push([before + index + 1, turn]);
    }
    before += own;
  }
  return {
    arrangement: ARRANGEMENTS.find((one) => one === arrangement) ?? 'continuous',
    turn: isTurn(turn) ? turn : 0,
    turns: pages,
  };
}

export function keepPlace(volume: string, place: Place): void {
  keep(volume, { place });
}

export function keepView(volume: string, manifest: Manifest, view: View): void {
  const turned = new Map(view.turns);
  const turns: Turned[] = [];
  let number = 0;
  for (const { id, pages } of manifest.materials) {
    pages.forEach((_, index) => {
      number += 1;
      const turn = turned.get(number);
      if (turn) turns.push([id, index, turn]);
    });
  }
  keep(volume, { arrangement: view.arrangement, turn: view.turn, turns });
}

function isTurn(turn: unknown): turn is Turn {
  return turn === 0 || turn === 90 || turn === 180 || turn === 270;
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
