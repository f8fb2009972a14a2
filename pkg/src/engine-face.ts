// The Rust viewer as TypeScript sees it; kept apart from the generated files, which the published types leave out.

/** How the caret goes. */
export type Step =
  | 'back'
  | 'forward'
  | 'word-back'
  | 'word-forward'
  | 'up'
  | 'down'
  | 'line-start'
  | 'line-end'
  | 'page-start'
  | 'page-end';

export interface Engine {
  goTo(page: number): void;
  restore(page: number, offset: number): void;
  zoomTo(percent: number): void;
  zoomBy(factor: number): void;
  fit(mode: 'width' | 'page'): void;
  scrollBy(dxCss: number, dyCss: number): void;
  scrollTo(fraction: number): void;
  /** `MarkPaint[]` as JSON. */
  setMarks(json: string): void;
  /** A `View` as JSON. */
  setView(json: string): void;
  setTool(tool: 'select' | 'hand' | 'marquee'): void;
  deselect(): void;
  selectAll(): void;
  setCaret(on: boolean): void;
  step(name: Step, extend: boolean): void;
  stepLink(forward: boolean): void;
  followLink(): void;
  grab(end: boolean): void;
  drag(xCss: number, yCss: number): void;
  drop(xCss: number, yCss: number): void;
  /** Undefined while some of it is on its way, and when nothing is selected. */
  selectedText(cited: boolean): string | undefined;
  /** `Passage[]` as JSON. */
  passages(): string;
  /** For each page: its number, how many hits, how many of them exact, start and end of each. */
  addHits(flat: Uint32Array): void;
  clearHits(): void;
  showHit(page: number, nth: number): void;
  /** A whole page, from 1; fails with a code. */
  paper(page: number, dpi: number): Promise<ImageData>;
  resize(): void;
  /** More is known of the same pages: manifest, and addresses of blobs by SHA-256, as JSON. */
  revise(manifestJson: Uint8Array, addressesJson: string): void;
  setDark(dark: boolean): void;
  destroy(): void;
}

/** What the Rust side has read of a manifest; used up by the viewer that it is given to. */
export interface Volume {
  /** Where the preview of a page, from 1, lies. */
  preview(page: number): [sha256: string, start: number, end: number] | undefined;
}

/** A preview that is already on its way, and where it lies. */
export type Ahead = [sha256: string, start: number, bitmap: Promise<ImageBitmap>];

/** The Rust side. */
export type EngineModule = {
  /** Throws when it is not an excerpt of a manifest. */
  Volume: new (excerptJson: Uint8Array) => Volume;
  Viewer: new (
    canvas: HTMLCanvasElement,
    volume: Volume,
    /** The volume's address, absolute. */
    baseUrl: string,
    /** JSON with `dark`. */
    config: string,
    /** Gives a render worker that has just been started. */
    startWorker: () => Worker,
    /** Gets every message as JSON. */
    listener: (json: string) => void,
    ahead?: Ahead,
  ) => Engine;
};
