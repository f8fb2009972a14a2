// What the Rust side exports, for the times when its build has not been made yet.
declare module '*/dist/viewer.js' {
  export default function init(options: {
    module_or_path: Promise<Response> | Response | WebAssembly.Module;
  }): Promise<unknown>;

  export const Reading: import('./engine-face.ts').EngineModule['Reading'];
  export const Viewer: import('./engine-face.ts').EngineModule['Viewer'];
  export const Volume: import('./engine-face.ts').EngineModule['Volume'];
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
  export function start(askForFonts: () => void): void;
  export function mapFont(name: Uint8Array, charset: number, pitch: number, weight: number): number;
  export function fontData(handle: number): Uint8Array | undefined;
  export function fontName(handle: number): string;
}

declare module '*/dist/local.js' {
  export default function init(options: {
    module_or_path: Promise<Response> | Response | WebAssembly.Module;
  }): Promise<unknown>;
  export function initialize_pdfium_render(
    pdfium: unknown,
    wasmExports: unknown,
    debug: boolean,
  ): boolean;
  export function digest(bytes: Uint8Array): string;
  export class LocalFile {
    constructor(bytes: Uint8Array, sha256: string, name: string, password?: string | null);
    readonly pages: number;
    manifest(): string;
    read(index: number): void;
    finish(): unknown[];
    thumb(index: number): unknown[] | undefined;
    setThumbs(sheet: number, sha256: string, bytes: number): void;
    free(): void;
  }
}

declare module '*/dist/search.js' {
  export default function init(options: {
    module_or_path: Promise<Response> | Response | WebAssembly.Module;
  }): Promise<unknown>;
  export function start(): void;
}
