// Every key of the interface around the viewer, once: how it is recognised, and how it is written.

export type Shortcut = {
  /** Keys to hold together; several ways where there are several. */
  readonly shown: readonly (readonly string[])[];
  readonly fits: (event: KeyboardEvent) => boolean;
};

const isCommand = (event: KeyboardEvent): boolean => event.ctrlKey || event.metaKey;

/** A key by itself; Shift counts only where it makes another character. */
function plain(key: string, shown = key.toUpperCase()): Shortcut {
  return {
    shown: [[shown]],
    fits: (event) => !isCommand(event) && !event.altKey && event.key.toLowerCase() === key,
  };
}

/** With Ctrl or ⌘; by the key's place, as an input method may put another letter on it. */
function command(letter: string, shift = false): Shortcut {
  return {
    shown: [['Ctrl', ...(shift ? ['Shift'] : []), letter]],
    fits: (event) =>
      isCommand(event) &&
      !event.altKey &&
      event.shiftKey === shift &&
      event.code === `Key${letter}`,
  };
}

function alt(key: string, shown: string): Shortcut {
  return {
    shown: [['Alt', shown]],
    fits: (event) => event.altKey && !isCommand(event) && !event.shiftKey && event.key === key,
  };
}

function either(...ways: readonly Shortcut[]): Shortcut {
  return {
    shown: ways.flatMap(({ shown }) => shown),
    fits: (event) => ways.some(({ fits }) => fits(event)),
  };
}

export const shortcuts = {
  help: plain('?'),
  find: command('F'),
  print: command('P'),
  back: alt('ArrowLeft', '←'),
  forward: alt('ArrowRight', '→'),
  fullScreen: plain('f'),
  side: plain('s'),
  mark: plain('h'),
  note: plain('n'),
  remove: plain('delete', 'Delete'),
  undo: command('Z'),
  play: plain('k'),
  earlier: plain('j'),
  later: plain('l'),
  redo: either(command('Z', true), command('Y')),
} as const satisfies Record<string, Shortcut>;

export type ShortcutId = keyof typeof shortcuts;
