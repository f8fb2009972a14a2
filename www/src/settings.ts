// What the interface remembers about its reader: theme, language, panel.

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

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`evolume.${key}`);
  } catch {
    // Storage can be forbidden; then nothing is remembered and nothing else breaks.
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`evolume.${key}`, value);
  } catch {
    // As above.
  }
}

/** The panel that a reader starts with. */
export function firstPanel(): Panel {
  if (narrowScreen.matches) return 'none';
  const remembered = recall('panel');
  const panels: readonly Panel[] = ['thumbnails', 'marks', 'none'];
  return panels.find((panel) => panel === remembered) ?? 'catalogue';
}

/** Who reads here, as far as this browser knows: the principal's id, or nothing. */
export function readerId(): string {
  try {
    const session = JSON.parse(recall('session') || 'null') as {
      principal?: { id?: unknown };
    } | null;
    const id = session?.principal?.id;
    return typeof id === 'string' ? id : '';
  } catch {
    // Half written, or not ours: as if nobody had given a name.
    return '';
  }
}
