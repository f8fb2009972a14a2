// The cases that this reader may see.
import { type CaseFound, type CaseQuery, type CaseSummary, requestJson } from 'evolume';

export function loadCases(): Promise<CaseSummary[]> {
  return requestJson('/api/v1/cases');
}

/** The case that a volume belongs to; null when there is none that this reader may see. */
export async function caseOf(volume: string): Promise<CaseSummary | null> {
  const cases = await loadCases();
  return cases.find(({ volumes }) => volumes.some(({ id }) => id === volume)) ?? null;
}

/** Looks for something in all volumes that this reader may see. */
export function searchCases(query: CaseQuery, signal: AbortSignal): Promise<CaseFound> {
  return requestJson('/api/v1/search', signal, { method: 'POST', body: query });
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
