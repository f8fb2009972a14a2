// Every key of the reader, once; the pages have their own, which come first.
import type { SidePlace } from '../beside/side-place.ts';
import type { MarkWish } from '../marks/mark-bar.ts';
import type { Marks } from '../marks/marks.ts';
import type { OpenVolume } from '../opening/open-volume.ts';
import type { Travel } from '../opening/travel.ts';
import { toggleFullScreen } from '../parts/full-screen.ts';
import type { KeyBinding } from '../parts/key-router.ts';
import type { PrintButton } from '../print/print-button.ts';
import type { Player } from '../recordings/player.ts';
import type { Playing } from '../recordings/playing.ts';
import { type Shortcut, shortcuts } from '../shortcuts.ts';

/** What the keys reach. */
export type Keyed = {
  element: Element;
  /** The open panel. */
  panel: () => Element | null;
  volume: () => OpenVolume | null;
  travel: Travel;
  side: SidePlace;
  printing: PrintButton;
  playing: Playing;
  search: () => void;
  mark: (wish: MarkWish) => void;
  leavePanel: () => void;
};

const ESCAPE = { fits: (event: KeyboardEvent) => event.key === 'Escape' };

export function readerKeys(reader: Keyed): readonly KeyBinding[] {
  /** A key that means something only while one reads: a dialog over the reader has keys of its own. */
  const reading = (shortcut: Shortcut, act: () => unknown): KeyBinding => ({
    shortcut,
    act,
    within: () => reader.element,
  });
  const playing = (shortcut: Shortcut, act: (player: Player) => void): KeyBinding =>
    reading(shortcut, () => ifThere(reader.playing.player, act));
  const marking = (shortcut: Shortcut, act: (marks: Marks) => unknown): KeyBinding =>
    reading(shortcut, () => ifThere(reader.volume()?.marks, act));
  const wish = (note: boolean) => (marks: Marks) =>
    reader.volume()?.selection ? reader.mark({ colour: marks.colour, note }) : false;
  return [
    { shortcut: shortcuts.back, act: () => reader.travel.back() },
    { shortcut: shortcuts.forward, act: () => reader.travel.forward() },
    {
      shortcut: shortcuts.find,
      whileTyping: true,
      act: () => ifThere(reader.volume()?.viewer, reader.search),
    },
    // The browser's own printing would print the window.
    { shortcut: shortcuts.print, whileTyping: true, act: () => reader.printing.open() },
    playing(shortcuts.play, (player) => player.toggle()),
    playing(shortcuts.earlier, (player) => player.skip(-1)),
    playing(shortcuts.later, (player) => player.skip(1)),
    reading(shortcuts.fullScreen, toggleFullScreen),
    reading(shortcuts.side, reader.side.toggle),
    marking(shortcuts.undo, (marks) => marks.undo()),
    marking(shortcuts.redo, (marks) => marks.redo()),
    marking(shortcuts.mark, wish(false)),
    marking(shortcuts.note, wish(true)),
    marking(shortcuts.remove, removeChosen),
    { shortcut: ESCAPE, whileTyping: true, within: reader.panel, act: reader.leavePanel },
  ];
}

function ifThere<T>(thing: T | null | undefined, act: (thing: T) => unknown): unknown {
  return thing ? act(thing) : false;
}

function removeChosen(marks: Marks): boolean {
  const chosen = marks.marks.find(({ mark }) => mark.id === marks.active);
  if (!chosen?.editable) return false;
  marks.remove(chosen.mark.id);
  return true;
}
