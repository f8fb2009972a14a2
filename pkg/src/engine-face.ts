// The Rust viewer as TypeScript sees it; kept apart from the generated files, which the published types leave out.

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
  deselect(): void;
  /** For each page: its number, how many hits, start and end of each. */
  addHits(flat: Uint32Array): void;
  clearHits(): void;
  showHit(page: number, nth: number): void;
  resize(): void;
  setDark(dark: boolean): void;
  destroy(): void;
}

export type EngineClass = new (
  canvas: HTMLCanvasElement,
  manifestJson: string,
  /** The volume's address, absolute. */
  baseUrl: string,
  /** JSON with `workerUrl` and `dark`. */
  config: string,
  /** Gets every message as JSON. */
  listener: (json: string) => void,
) => Engine;
