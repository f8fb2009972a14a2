// The render worker: brings PDFium and the Rust code that drives it together, then Rust takes over.
import initRender, * as render from '../dist/render.js';
import renderWasm from '../dist/render_bg.wasm?url&no-inline';
import { askForFonts } from './fonts.ts';
import { fetchWasm, linkPdfium } from './pdfium.ts';

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
    compiled.then((module) => linkPdfium(module, fail)),
  ]);
  render.initialize_pdfium_render(pdfium, rust, false);
  render.start(() => askForFonts(pdfium, render));
}

function fail(error: unknown): void {
  postMessage({ fatal: String(error) });
}

start().catch(fail);
