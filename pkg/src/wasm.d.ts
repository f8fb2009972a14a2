// What the Rust side exports, for the times when its build has not been made yet.
declare module '*/dist/viewer.js' {
  export default function init(options: {
    module_or_path: Promise<Response> | Response | WebAssembly.Module;
  }): Promise<unknown>;

  export class Viewer {
    constructor(
      canvas: HTMLCanvasElement,
      manifestJson: string,
      baseUrl: string,
      config: string,
      listener: (json: string) => void,
    );
    goTo(page: number): void;
    restore(page: number, offset: number): void;
    zoomTo(percent: number): void;
    zoomBy(factor: number): void;
    fit(mode: string): void;
    scrollBy(dxCss: number, dyCss: number): void;
    scrollTo(fraction: number): void;
    resize(): void;
    setDark(dark: boolean): void;
    destroy(): void;
  }
}

declare module '*/dist/render.js' {
  export default function init(options: {
    module_or_path: Promise<Response> | Response | WebAssembly.Module;
  }): Promise<unknown>;
  export function initialize_pdfium_render(
    pdfium: unknown,
    wasmExports: unknown,
    debug: boolean,
  ): boolean;
  export function start(): void;
}
