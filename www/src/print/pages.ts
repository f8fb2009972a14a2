// Which pages are to be printed.
import { EvolumeError, type Manifest, type Status } from 'evolume';

/** What the reader chooses. */
export type Choice = 'page' | 'range' | 'material' | 'volume';

/** Pages at once: as pictures they take about 100 MB, and no printer is asked for more by accident. */
export const PRINT_LIMIT = 300;

/** Volume page numbers in order. Fails with `print.range` or `print.too_many`. */
export function chosenPages(
  choice: Choice,
  range: string,
  manifest: Manifest,
  status: Status,
): number[] {
  const pages = pagesOf(choice, range, manifest, status);
  if (pages.length === 0) throw new EvolumeError('print.range');
  if (pages.length > PRINT_LIMIT) throw new EvolumeError('print.too_many');
  return pages;
}

function pagesOf(choice: Choice, range: string, manifest: Manifest, status: Status): number[] {
  switch (choice) {
    case 'page':
      return [status.page];
    case 'range':
      return parsePages(range, status.pages);
    case 'volume':
      return run(1, status.pages);
    case 'material': {
      const first = status.page - status.page_in_material + 1;
      return run(first, manifest.materials[status.material]?.pages.length ?? 0);
    }
  }
}

/** `3, 5-8`, with the marks of either script; empty when it names no pages, or some that there are not. */
export function parsePages(text: string, last: number): number[] {
  const pieces = text
    .normalize('NFKC')
    .split(/[,、\s]+/)
    .filter(Boolean);
  const pages = new Set<number>();
  for (const piece of pieces) {
    const [, from = '', to = from] = /^(\d{1,6})(?:[-–—~至](\d{1,6}))?$/.exec(piece) ?? [];
    const [first, end] = [Number(from), Number(to)];
    if (first < 1 || end < first || end > last) return [];
    // As many as are one too many are enough to know.
    for (const page of run(first, Math.min(end - first, PRINT_LIMIT) + 1)) pages.add(page);
  }
  return [...pages].sort((a, b) => a - b);
}

function run(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => first + at);
}
