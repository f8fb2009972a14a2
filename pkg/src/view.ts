// How pages are arranged and turned.
import type { PageRef, View } from './generated/index.ts';

/** Whether an engine begins with this view. */
export function isPlain({ arrangement, turn, turns }: View): boolean {
  return arrangement === 'continuous' && turn === 0 && turns.length === 0;
}

/** A quarter further, clockwise. */
export function quarterMore(turn: View['turn']): View['turn'] {
  return ((turn + 90) % 360) as View['turn'];
}

export function samePage(one: PageRef, other: PageRef): boolean {
  return one.material === other.material && one.index === other.index;
}
