// The render workers: PDFium is compiled once, here, and all share its code.
import pdfiumWasm from '@embedpdf/pdfium/pdfium.wasm?url&no-inline';
import workerUrl from './render.worker.ts?worker&url';

let compiling: Promise<WebAssembly.Module> | undefined;
let go: () => void;
/** The first page comes before PDFium: it is most of what is ever downloaded. */
const allowed = new Promise<void>((resolve) => (go = resolve));

/** A page can be read: now the workers may load PDFium. */
export function allowPdfium(): void {
  go();
}

/** Starts a worker. It is ready some time after it has got PDFium's code, and says so. */
export function startWorker(): Worker {
  const worker = new Worker(new URL(workerUrl, document.baseURI), { type: 'module' });
  allowed.then(compilePdfium).then(
    (module) => worker.postMessage(module),
    (error: unknown) => worker.postMessage(String(error)),
  );
  return worker;
}

/** PDFium's code, compiled once. */
export function compilePdfium(): Promise<WebAssembly.Module> {
  compiling ??= fetchModule().catch((error: unknown) => {
    compiling = undefined;
    throw error;
  });
  return compiling;
}

async function fetchModule(): Promise<WebAssembly.Module> {
  const response = await fetch(pdfiumWasm);
  if (!response.ok) throw new Error(`${response.status} for ${pdfiumWasm}`);
  return WebAssembly.compileStreaming(response);
}
