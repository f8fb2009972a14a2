// Keys for annotations: taking back, doing again, marking what is selected.
import type { MarkColour } from 'evolume';
import { isTyping } from '../parts/typing.ts';
import { shortcuts } from '../shortcuts.ts';
import type { Marks } from './marks.ts';

/** What the reader does when a key asks for a mark. */
export type MarkWish = { colour: MarkColour; note: boolean };

/** Carries out a key; returns a wish for a mark, true when the key was ours, false when it was not. */
export function handleMarkKey(
  event: KeyboardEvent,
  marks: Marks,
  selected: boolean,
): MarkWish | boolean {
  if (isTyping(event) || event.defaultPrevented || event.isComposing) return false;
  if (shortcuts.undo.fits(event)) marks.undo();
  else if (shortcuts.redo.fits(event)) marks.redo();
  else if (selected && shortcuts.mark.fits(event)) return { colour: marks.colour, note: false };
  else if (selected && shortcuts.note.fits(event)) return { colour: marks.colour, note: true };
  else if (marks.active && shortcuts.remove.fits(event)) {
    const own = marks.marks.some((mark) => mark.own && mark.annotation.id === marks.active);
    if (own) marks.remove(marks.active);
    return own;
  } else return false;
  return true;
}
