// Keys for annotations: taking back, doing again, marking what is selected.
import type { MarkColour } from 'evolume';
import type { Marks } from './marks.ts';

/** What the reader does when a key asks for a mark. */
export type MarkWish = { colour: MarkColour; note: boolean };

/** Carries out a key; returns a wish for a mark, true when the key was ours, false when it was not. */
export function handleMarkKey(
  event: KeyboardEvent,
  marks: Marks,
  selected: boolean,
): MarkWish | boolean {
  const [target] = event.composedPath();
  const typing = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  if (typing || event.defaultPrevented || event.altKey || event.isComposing) return false;
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key === 'z' && !event.shiftKey) marks.undo();
    else if (key === 'y' || key === 'z') marks.redo();
    else return false;
    return true;
  }
  if (selected && (key === 'h' || key === 'n')) return { colour: marks.colour, note: key === 'n' };
  if (marks.active && event.key === 'Delete') {
    const own = marks.marks.some((mark) => mark.own && mark.annotation.id === marks.active);
    if (own) marks.remove(marks.active);
    return own;
  }
  return false;
}
