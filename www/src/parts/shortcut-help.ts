// Opens the sheet of keys, which is loaded when it is first wanted.

/** The browser gives the focus back to where it was when the sheet is closed. */
export async function openShortcutSheet(): Promise<void> {
  await import('./shortcut-sheet.ts');
  if (document.querySelector('ev-shortcut-sheet')) return;
  document.body.append(document.createElement('ev-shortcut-sheet'));
}
