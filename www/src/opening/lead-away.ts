// Where a link or a citation leads that leaves the volume.
import type { LinkDestination, VolumeSummary } from 'evolume';
import { caseOf } from '../cases/load.ts';
import { pageHash } from '../route.ts';
import { className } from '../words.ts';

/** An address outside, or a volume that is cited and not to be found. */
export type Away = { uri: string } | { missing: string };

/** Schemes that may be opened; the engine lets no other through, and a second look costs nothing. */
const OPENED = ['http:', 'https:', 'mailto:'];

/** Where a link leads that leaves the volume: an address in the case, or what the link bar has to say; null for
 * what may not be followed. */
export async function leadAway(
  followed: Exclude<LinkDestination, { kind: 'page' }>,
  here: string,
): Promise<{ hash: string } | Away | null> {
  if (followed.kind === 'uri') {
    const { uri } = followed;
    return URL.canParse(uri) && OPENED.includes(new URL(uri).protocol) ? { uri } : null;
  }
  // A list that does not come is as good as none: the citation leads nowhere now.
  const own = await caseOf(here).catch(() => null);
  const volume = citedVolume(own?.volumes ?? [], followed.volume);
  return volume ? { hash: pageHash(volume.id, followed.page) } : { missing: followed.volume };
}

/** The volume that is cited by a name; null when there is none, or more than one. */
function citedVolume(volumes: VolumeSummary[], name: string): VolumeSummary | null {
  const wanted = canonical(name);
  const named = volumes.filter((volume) => canonical(volume.title) === wanted);
  // A volume may be called by its class when there is only one of it.
  const alike = named.length > 0 ? named : volumes.filter((one) => className(one.class) === name);
  return alike.length === 1 ? (alike[0] ?? null) : null;
}

/** Without brackets and white space, small Chinese numbers as digits: 证据卷（二） is 证据卷2. */
function canonical(name: string): string {
  const plain = name.normalize('NFKC').replace(/[\s()]/g, '');
  return plain.replace(/[一二三四五六七八九十]+/g, (text) => String(numberOf(text)));
}

function numberOf(text: string): number {
  const digits = '一二三四五六七八九';
  const [tens, ones] = text.includes('十') ? text.split('十', 2) : ['', text];
  const value = (digit: string | undefined): number => digits.indexOf(digit ?? '') + 1;
  return text.includes('十')
    ? (tens ? value(tens) : 1) * 10 + (ones ? value(ones) : 0)
    : value(ones);
}
