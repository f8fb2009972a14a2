// Which pages are to be printed.
import { EvolumeError, type Manifest, Numbering, type PageRef, type Status } from 'evolume';

/** What the reader chooses. */
export type Choice = 'page' | 'range' | 'material' | 'volume';

/** Pages at once: as pictures they take about 100 MB, and no printer is asked for more by accident. */
export const PRINT_LIMIT = 300;

/** A page, and the number by which it was asked for: the order may change before it is drawn. */
export type ChosenPage = { page: PageRef; number: number };

/** In order. Fails with `print.range` or `print.too_many`. */
export function chosenPages(
  choice: Choice,
  range: string,
  manifest: Manifest,
  status: Status,
): ChosenPage[] {
  const numbering = Numbering.of(manifest);
  const numbers = numbersOf(choice, range, numbering, status);
  if (numbers.length === 0) throw new EvolumeError('print.range');
  if (numbers.length > PRINT_LIMIT) throw new EvolumeError('print.too_many');
  return numbers.flatMap((number) => {
    const page = numbering.ref(number);
    return page ? [{ page, number }] : [];
  });
}

function numbersOf(choice: Choice, range: string, numbering: Numbering, status: Status): number[] {
  switch (choice) {
    case 'page':
      return [status.page];
    case 'range':
      return parsePages(range, numbering.count);
    case 'volume':
      return run(1, numbering.count);
    case 'material': {
      const [first, next] = [0, 1].map((step) => numbering.first(status.material + step));
      return first && next ? run(first, next - first) : [];
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
