// The Rust viewer as TypeScript sees it; kept apart from the generated files, which the published types leave out.
// What goes wrong is thrown as a code.

export interface Engine {
  /** A `ViewerCommand` as JSON. */
  dispatch(command: string): void;
  /** For each page: its number, how many hits, how many of them exact, start and end of each. */
  addHits(flat: Uint32Array): void;
  /** Undefined while some of it is on its way, and when nothing is selected. */
  selectedText(cited: boolean): string | undefined;
  /** `Passage[]` as JSON. */
  passages(): string;
  /** A whole page, a `PageRef` as JSON, with its marks or without; fails with a code. */
  paper(page: string, dpi: number, marks: boolean): Promise<OffscreenCanvas>;
  resize(): void;
  /** Another manifest of the volume, and addresses of blobs by SHA-256, as JSON. */
  revise(reading: Reading, addressesJson: string): void;
  setDark(dark: boolean): void;
  destroy(): void;
}

/** What the Rust side has read of a manifest; used up by the viewer that it is given to. */
export interface Volume {
  /** Where the preview of a page, from 1, lies. */
  preview(page: number): [sha256: string, start: number, end: number] | undefined;
}

/** A manifest that is read piece by piece; used up by the viewer that it is given to. */
export interface Reading {
  /** Takes the next material, as JSON. */
  material(json: Uint8Array): void;
  /** And at last everything else. Throws when it is no manifest. */
  head(json: Uint8Array): void;
  free(): void;
}

/** A preview that is already on its way, and where it lies. */
export type Ahead = [sha256: string, start: number, bitmap: Promise<ImageBitmap>];

/** The Rust side. */
export type EngineModule = {
  /** Throws when it is not an excerpt of a manifest. */
  Volume: new (excerptJson: Uint8Array) => Volume;
  Reading: new () => Reading;
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
