// PDFs made by hand, for what no ordinary program writes.

/** Puts objects (numbered from 1, the first is the catalogue) into a PDF. */
export function assemble(objects: readonly string[]): Buffer {
  let out = '%PDF-1.7\n';
  const offsets = objects.map((object, at) => {
    const offset = out.length;
    out += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const size = objects.length + 1;
  const entries = offsets.map((offset) => `${offset.toString().padStart(10, '0')} 00000 n \n`);
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${entries.join('')}`;
  const trailer = `trailer<</Size ${size}/Root 1 0 R>>\nstartxref\n${out.length}\n%%EOF\n`;
  return Buffer.from(out + table + trailer, 'latin1');
}

export function stream(dictionary: string, content: string): string {
  return `<<${dictionary}/Length ${content.length}>>stream\n${content}\nendstream`;
}

/** A page: its size in points, its content, the rest of its dictionary. */
export type PageSource = { size: [number, number]; content: string; extra?: string };

/** A PDF of these pages; the other objects follow the two of each page, from number `3 + 2 * pages` on. */
export function pdf(
  pages: readonly PageSource[],
  others: readonly string[],
  catalogue = '',
): Buffer {
  const kids = pages.map((_, at) => `${3 + 2 * at} 0 R`);
  return assemble([
    `<</Type/Catalog/Pages 2 0 R${catalogue}>>`,
    `<</Type/Pages/Kids[${kids.join(' ')}]/Count ${pages.length}>>`,
    ...pages.flatMap(({ size, content, extra }, at) => [
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${size.join(' ')}]/Contents ${4 + 2 * at} 0 R${extra ?? ''}>>`,
      stream('', content),
    ]),
    ...others,
  ]);
}
