// The render worker: brings PDFium and the Rust code that drives it together, then Rust takes over.
import { init as initPdfium } from '@embedpdf/pdfium';
import initRender, * as render from '../dist/render.js';
import renderWasm from '../dist/render_bg.wasm?url&no-inline';
import { askForFonts, type PdfiumModule } from './fonts.ts';

type Linked = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;

/** PDFium, compiled: the first message. Anything else there says why there is none. */
const compiled = new Promise<WebAssembly.Module>((resolve, reject) => {
  addEventListener(
    'message',
    ({ data }: MessageEvent<unknown>) =>
      data instanceof WebAssembly.Module ? resolve(data) : reject(new Error(String(data))),
    { once: true },
  );
});

async function start(): Promise<void> {
  const [rust, pdfium] = await Promise.all([
    initRender({ module_or_path: fetchWasm(renderWasm) }),
    linkPdfium(),
  ]);
  render.initialize_pdfium_render(pdfium, rust, false);
  render.start(() => askForFonts(pdfium, render));
}

async function linkPdfium(): Promise<PdfiumModule> {
  const module = await compiled;
  const overrides = {
    instantiateWasm(imports: WebAssembly.Imports, linked: Linked) {
      WebAssembly.instantiate(module, imports)
        .then((instance) => linked(instance, module))
        .catch(fail);
      return {};
    },
  };
  const { pdfium } = await initPdfium(overrides);
  // pdfium-render calls the initialiser by its standard name.
  return Object.assign(pdfium as unknown as PdfiumModule, {
    _PDFium_Init: (pdfium as unknown as Record<string, unknown>)['_PDFiumExt_Init'],
  });
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
