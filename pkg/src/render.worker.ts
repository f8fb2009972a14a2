// The render worker: brings PDFium and the Rust code that drives it together, then Rust takes over.
import { init as initPdfium } from '@embedpdf/pdfium';
import pdfiumWasm from '@embedpdf/pdfium/pdfium.wasm?url&no-inline';
import initRender, * as render from '../dist/render.js';
import renderWasm from '../dist/render_bg.wasm?url&no-inline';

type Linked = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;

async function start(): Promise<void> {
  // Both downloads run, and compile as they arrive, at the same time.
  const [rust, pdfium] = await Promise.all([
    initRender({ module_or_path: fetchWasm(renderWasm) }),
    loadPdfium(),
  ]);
  render.initialize_pdfium_render(pdfium, rust, false);
  render.start();
}

async function loadPdfium(): Promise<unknown> {
  const compiling = compile(pdfiumWasm);
  // Without this the failure of a download would leave PDFium waiting for ever.
  const failed = new Promise<never>((_, reject) => {
    compiling.catch(reject);
  });
  const overrides = {
    instantiateWasm(imports: WebAssembly.Imports, linked: Linked) {
      compiling
        .then(async (module) => linked(await WebAssembly.instantiate(module, imports), module))
        .catch(fail);
      return {};
    },
  };
  const { pdfium } = await Promise.race([
    initPdfium(overrides as Parameters<typeof initPdfium>[0]),
    failed,
  ]);
  // pdfium-render calls the initialiser by its standard name.
  return Object.assign(pdfium, {
    _PDFium_Init: (pdfium as unknown as Record<string, unknown>)['_PDFiumExt_Init'],
  });
}

async function compile(url: string): Promise<WebAssembly.Module> {
  return WebAssembly.compileStreaming(fetchWasm(url));
}

async function fetchWasm(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  return response;
}

function fail(error: unknown): void {
  postMessage({ fatal: String(error) });
}

start().catch(fail);
