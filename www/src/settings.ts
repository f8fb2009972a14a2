// What the reader has chosen for the interface: theme and panel.
import { recall, remember } from './storage.ts';

export type Theme = 'light' | 'dark';
export type Panel = 'catalogue' | 'thumbnails' | 'search' | 'marks' | 'none';

export const narrowScreen = matchMedia('(max-width: 700px)');
const systemDark = matchMedia('(prefers-color-scheme: dark)');

/** Tells that the theme has changed, by choice or because the system's did. */
export const themeChanges = new EventTarget();

export function isDark(): boolean {
  const chosen = recall('theme');
  return chosen ? chosen === 'dark' : systemDark.matches;
}

export function chooseTheme(theme: Theme): void {
  remember('theme', theme);
  applyTheme();
}

/** Puts the theme into force; the colours follow from the document's `color-scheme`. */
export function applyTheme(): void {
  document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light';
  themeChanges.dispatchEvent(new Event('change'));
}

systemDark.addEventListener('change', applyTheme);

/** The panel that a reader starts with. */
export function firstPanel(): Panel {
  if (narrowScreen.matches) return 'none';
  const remembered = recall('panel');
  const panels: readonly Panel[] = ['thumbnails', 'marks', 'none'];
  return panels.find((panel) => panel === remembered) ?? 'catalogue';
}
