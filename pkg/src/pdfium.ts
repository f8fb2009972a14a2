// PDFium in a worker: the code that the page has compiled, linked under the names that pdfium-render calls.
import { init } from '@embedpdf/pdfium';
import type { PdfiumModule } from './fonts.ts';

type Linked = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;

/** `fail` hears of code that cannot be linked: then nothing is ever answered. */
export async function linkPdfium(
  module: WebAssembly.Module,
  fail: (error: unknown) => void,
): Promise<PdfiumModule> {
  const overrides = {
    instantiateWasm(imports: WebAssembly.Imports, linked: Linked) {
      WebAssembly.instantiate(module, imports)
        .then((instance) => linked(instance, module))
        .catch(fail);
      return {};
    },
  };
  const { pdfium } = await init(overrides);
  // pdfium-render calls the initialiser by its standard name.
  return Object.assign(pdfium as unknown as PdfiumModule, {
    _PDFium_Init: (pdfium as unknown as Record<string, unknown>)['_PDFiumExt_Init'],
  });
}

/** The Rust code that drives it. */
export async function fetchWasm(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  return response;
}
