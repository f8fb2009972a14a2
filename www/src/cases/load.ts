// The cases that this reader may see.
import { type CaseSummary, EvolumeError, requestText } from 'evolume';

export async function loadCases(): Promise<CaseSummary[]> {
  const text = await requestText('/api/v1/cases');
  try {
    return JSON.parse(text) as CaseSummary[];
  } catch (cause) {
    throw new EvolumeError('server.internal', { cause });
  }
}

/** Cases in whose number, title or court every word of the query occurs. */
export function filterCases(cases: CaseSummary[], query: string): CaseSummary[] {
  const words = query.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
  return cases.filter((one) => {
    // NFKC makes full-width and half-width brackets and digits the same.
    const text = `${one.number} ${one.title} ${one.court}`.normalize('NFKC').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
