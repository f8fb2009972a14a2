// Small PDFs made by hand: Chinese lines at known places, links, an outline, page labels.
import { assemble } from './pdf.ts';

export type Line = { text: string; x: number; y: number };
export type LinkTo = { rect: [number, number, number, number]; page?: number; uri?: string };
export type Entry = { title: string; page: number };
export type PdfPage = { lines?: Line[]; links?: LinkTo[] };

/** A PDF of A4 pages. `x` and `y` count points from the upper left corner to a line's baseline. */
export function pdf(pages: PdfPage[], outline: Entry[] = [], labels = ''): Buffer {
  // 1 catalogue, 2 pages, 3 font, 4 its descendant, 5 outline; then two for each page; then the entries.
  const page = (at: number): number => 6 + 2 * at;
  const entry = (at: number): number => page(pages.length) + at;
  const objects = [
    `<</Type/Catalog/Pages 2 0 R${outline.length > 0 ? '/Outlines 5 0 R' : ''}` +
      `${labels ? `/PageLabels<</Nums[${labels}]>>` : ''}>>`,
    `<</Type/Pages/Kids[${pages.map((_, at) => `${page(at)} 0 R`).join(' ')}]/Count ${pages.length}>>`,
    '<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>',
    '<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000' +
      '/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>',
    `<</Type/Outlines/First ${entry(0)} 0 R/Last ${entry(outline.length - 1)} 0 R>>`,
  ];
  pages.forEach(({ lines = [], links = [] }, at) => {
    const annotations = links.map(({ rect: [x0, y0, x1, y1], page: to, uri }) => {
      const target = uri ? `/A<</S/URI/URI(${uri})>>` : `/Dest[${page(to ?? 0)} 0 R/Fit]`;
      return `<</Type/Annot/Subtype/Link/Border[0 0 0]/Rect[${x0} ${842 - y1} ${x1} ${842 - y0}]${target}>>`;
    });
    objects.push(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents ${page(at) + 1} 0 R` +
        `/Resources<</Font<</F 3 0 R>>>>/Annots[${annotations.join(' ')}]>>`,
    );
    const drawn = lines.map(({ text, x, y }) => `1 0 0 1 ${x} ${842 - y} Tm <${utf16(text)}> Tj`);
    const content = `BT /F 20 Tf ${drawn.join(' ')} ET`;
    objects.push(`<</Length ${content.length}>>stream\n${content}\nendstream`);
  });
  outline.forEach(({ title, page: to }, at) => {
    const next = at + 1 < outline.length ? `/Next ${entry(at + 1)} 0 R` : '';
    objects.push(`<</Title<FEFF${utf16(title)}>/Parent 5 0 R/Dest[${page(to)} 0 R/Fit]${next}>>`);
  });
  return assemble(objects);
}

function utf16(text: string): string {
  return Array.from({ length: text.length }, (_, at) =>
    text.charCodeAt(at).toString(16).padStart(4, '0'),
  ).join('');
}
