// The cases that this reader may see.
import {
  type CaseSummary,
  type CaseFound,
  type CaseQuery,
  EvolumeError,
  requestText,
} from 'evolume';

export async function loadCases(): Promise<CaseSummary[]> {
  return parse(await requestText('/api/v1/cases')) as CaseSummary[];
}

/** Looks for something in all volumes that this reader may see. */
export async function searchCases(query: CaseQuery, signal: AbortSignal): Promise<CaseFound> {
  const send = { method: 'POST', body: JSON.stringify(query) } as const;
  return parse(await requestText('/api/v1/search', signal, send)) as CaseFound;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
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
