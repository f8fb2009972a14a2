// The interface's language: Chinese is built in, English is loaded when asked for.
import { configureLocalization } from '@lit/localize';
import { allLocales, sourceLocale, targetLocales } from './locales/codes.ts';
import { recall, remember } from './storage.ts';

export type Locale = (typeof allLocales)[number];

const { getLocale, setLocale } = configureLocalization({
  sourceLocale,
  targetLocales,
  loadLocale: () => import('./locales/en.ts'),
});

export function locale(): Locale {
  return getLocale() as Locale;
}

export async function chooseLocale(chosen: Locale): Promise<void> {
  await setLocale(chosen);
  remember('locale', chosen);
  document.documentElement.lang = chosen;
}

/** Takes up the language of the last visit. */
export async function restoreLocale(): Promise<void> {
  const remembered = allLocales.find((code) => code === recall('locale'));
  if (!remembered || remembered === sourceLocale) return;
  // Without the words of the other language the interface still works in Chinese.
  await chooseLocale(remembered).catch(() => undefined);
}
