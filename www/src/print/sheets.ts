// Pages on paper: pictures of one page after the other, each on a sheet of the page's own size.
import type { EvolumeViewer, Manifest, Page, PageRef } from 'evolume';
import type { ChosenPage } from './pages.ts';

/** Fine enough for the smallest print of a court form, and a page takes a few hundred kilobytes. */
const DPI = 150;
const QUALITY = 0.85;

export type Sheets = {
  /** Pages of which there is no picture; their sheets say so. */
  failed: number;
  /** Takes them off the document, and lets the pictures go. */
  remove: () => void;
};

type Job = {
  pages: readonly ChosenPage[];
  marks: boolean;
  /** What stands on the sheet of a page that cannot be drawn. */
  missing: (number: number) => string;
  progress: (done: number) => void;
  signal: AbortSignal;
};

/** Puts the pages into the document, where only paper shows them. Fails when the signal ends it. */
export async function makeSheets(viewer: EvolumeViewer, job: Job): Promise<Sheets> {
  const box = Object.assign(document.createElement('div'), { className: 'print' });
  const style = document.createElement('style');
  const urls: string[] = [];
  const remove = (): void => {
    box.remove();
    style.remove();
    urls.forEach((url) => URL.revokeObjectURL(url));
  };
  const sizes = new Map<string, string>();
  let failed = 0;
  try {
    for (const [at, chosen] of job.pages.entries()) {
      job.signal.throwIfAborted();
      // It may have been revised since the last one.
      const page = pageOf(await viewer.whole(), chosen.page);
      const sheet = document.createElement('div');
      sheet.className = `sheet ${sizeName(page, sizes)}`;
      const picture = page && (await drawPage(viewer, chosen.page, job.marks));
      if (picture) {
        const url = URL.createObjectURL(picture);
        urls.push(url);
        sheet.append(await loadImage(url, chosen.number));
      } else {
        failed += 1;
        sheet.textContent = job.missing(chosen.number);
      }
      box.append(sheet);
      job.progress(at + 1);
    }
    job.signal.throwIfAborted();
  } catch (cause) {
    remove();
    throw cause;
  }
  style.textContent = COMMON + [...sizes.values()].join('');
  document.head.append(style);
  document.body.append(box);
  return { failed, remove };
}

const COMMON = `
.print { display: none }
@media print {
  html, body { height: auto; background: #fff }
  body > :not(.print) { display: none !important }
  .print { display: block }
  .print .sheet { display: grid; place-content: center; break-inside: avoid; overflow: hidden;
    color: #000; font-size: 14pt }
  .print .sheet + .sheet { break-before: page }
  .print img { display: block; width: 100%; height: 100% }
}
`;

/** Paper of a page's size, upright or across as the page is; one name for all pages of the size. */
function sizeName(page: Page | null, sizes: Map<string, string>): string {
  const [width, height] = sizeOf(page);
  const name = `s${width}x${height}`.replaceAll('.', '_');
  if (!sizes.has(name)) {
    // A hair less than the paper, or rounding makes a second sheet.
    const inside = (length: number): number => Math.max(1, length - 0.5);
    sizes.set(
      name,
      `@page ${name} { size: ${width}pt ${height}pt; margin: 0 }
       @media print { .print .${name} { page: ${name}; width: ${inside(width)}pt; height: ${inside(height)}pt } }
      `,
    );
  }
  return name;
}

/** In points, as displayed. */
function sizeOf(page: Page | null): [number, number] {
  if (!page) return [595, 842];
  const round = (length: number): number => Math.max(3, Math.round(length * 10) / 10);
  const [width, height] = [round(page.width), round(page.height)];
  return isTurned(page) ? [height, width] : [width, height];
}

function isTurned(page: Page): boolean {
  return page.rotation === 90 || page.rotation === 270;
}

/** Null when it cannot be drawn: the sheet says so, and the others are printed. */
async function drawPage(
  viewer: EvolumeViewer,
  page: PageRef,
  marks: boolean,
): Promise<Blob | null> {
  try {
    const canvas = await viewer.paper(page, DPI, marks);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
    canvas.width = 0;
    return blob;
  } catch (cause) {
    console.error(cause);
    return null;
  }
}

function pageOf({ materials }: Manifest, { material, index }: PageRef): Page | null {
  return materials.find(({ id }) => id === material)?.pages[index] ?? null;
}

async function loadImage(url: string, number: number): Promise<HTMLImageElement> {
  const image = new Image();
  image.alt = String(number);
  await new Promise((done, failed) => {
    image.onload = done;
    image.onerror = () => failed(new Error(`no picture of page ${number}`));
    image.src = url;
  });
  return image;
}
