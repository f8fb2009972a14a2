// Where in the sprites each page's thumbnail lies.
import { type Manifest, Numbering, type Page } from 'evolume';
import { labelBeside } from '../materials/labels.ts';

/** As `model::volume` packs them. */
const SHEET_PAGES = 16;
const COLUMNS = 4;
const CELL_WIDTH = 160;
const CELL_HEIGHT = 226;

export type Thumb = {
  /** Volume page number. */
  page: number;
  /** As printed, when it says something else than the number. */
  label: string;
  /** Name of the material. */
  title: string;
  /** SHA-256 of the sprite; empty for a page without one. */
  sprite: string;
  column: number;
  line: number;
  /** Cells that the sprite has side by side. */
  across: number;
  /** Of the page as it lies in its cell, as shares of the cell. */
  width: number;
  height: number;
  broken: boolean;
};

export function thumbsOf(manifest: Manifest): Thumb[] {
  const numbering = Numbering.of(manifest);
  return manifest.materials.flatMap((material, at) =>
    material.pages.map((page, index): Thumb => {
      const number = numbering.first(at) + index;
      const cell = index % SHEET_PAGES;
      return {
        page: number,
        label: labelBeside(page, number, index + 1),
        title: material.title,
        sprite: material.sheets[Math.floor(index / SHEET_PAGES)]?.thumbs.sha256 ?? '',
        column: cell % COLUMNS,
        line: Math.floor(cell / COLUMNS),
        across: Math.min(COLUMNS, material.pages.length - (index - cell)),
        ...fitted(page),
        broken: page.problem !== undefined,
      };
    }),
  );
}

function fitted(page: Page): { width: number; height: number } {
  const turned = page.rotation === 90 || page.rotation === 270;
  const [width, height] = turned ? [page.height, page.width] : [page.width, page.height];
  if (!(width > 0 && height > 0)) return { width: 1, height: 1 };
  const scale = Math.min(CELL_WIDTH / width, CELL_HEIGHT / height);
  return { width: (width * scale) / CELL_WIDTH, height: (height * scale) / CELL_HEIGHT };
}
