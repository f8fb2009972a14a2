// What a viewer is opened with.
import type { Fit, PageRef, View } from './generated/index.ts';
import type { LocalVolume } from './local.ts';

/** Words that the viewer itself shows or reads out. */
export type Labels = {
  document: string;
  scrollbar: string;
  page: (page: number) => string;
};

/** Where to read: a page's number as people write it, and better the page itself, which wins where it is known. */
export type Place = { page: number; at?: PageRef | null; zoom?: number | Fit; offset?: number };

export type ViewerOptions = {
  /** The volume's address, e.g. `/api/v1/volumes/ID`. */
  volume: string;
  place?: Place | undefined;
  /** How the pages are arranged and turned at first. */
  view?: View;
  dark?: boolean;
  /** Milliseconds after which drawing a page is given up; 20,000 by default. */
  renderLimit?: number;
  labels?: Labels;
  /** A file of the reader's own in place of a volume on the server; `volume` is then only its name. */
  local?: LocalVolume | undefined;
};

export const ENGLISH: Labels = {
  document: 'Pages',
  scrollbar: 'Scroll position',
  page: (page) => `Page ${page}`,
};
