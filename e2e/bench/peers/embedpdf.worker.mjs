// PDFium through EmbedPDF's bindings.
import { init } from '/packages/@embedpdf/pdfium/dist/index.browser.js';
import { answer, download } from './remote.mjs';

const ANNOTATIONS_AND_RGBA = 0x01 | 0x10;
const BGRA = 4;
const ready = download('/packages/@embedpdf/pdfium/dist/pdfium.wasm').then((bytes) =>
  init({ wasmBinary: bytes.buffer }),
);
let engine;
let file;
let form;

answer({
  async open(url) {
    const [bytes, module] = await Promise.all([download(url), ready]);
    engine = module;
    engine.PDFiumExt_Init();
    const at = engine.pdfium.wasmExports.malloc(bytes.length);
    engine.pdfium.HEAPU8.set(bytes, at);
    file = engine.FPDF_LoadMemDocument(at, bytes.length, '');
    if (!file) throw new Error(`PDFium error ${engine.FPDF_GetLastError()}`);
    form = engine.PDFiumExt_InitFormFillEnvironment(file, engine.PDFiumExt_OpenFormFillInfo());
    return engine.FPDF_GetPageCount(file);
  },
  render(number, scale, window_) {
    const page = engine.FPDF_LoadPage(file, number - 1);
    if (form) engine.FORM_OnAfterLoadPage(page, form);
    const wide = Math.floor(engine.FPDF_GetPageWidthF(page) * scale);
    const high = Math.floor(engine.FPDF_GetPageHeightF(page) * scale);
    const [x, y, width, height] = window_ ?? [0, 0, wide, high];
    const size = width * height * 4;
    const at = engine.pdfium.wasmExports.malloc(size);
    const bitmap = engine.FPDFBitmap_CreateEx(width, height, BGRA, at, width * 4);
    engine.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
    engine.FPDF_RenderPageBitmap(bitmap, page, -x, -y, wide, high, 0, ANNOTATIONS_AND_RGBA);
    if (form) engine.FPDF_FFLDraw(form, bitmap, page, -x, -y, wide, high, 0, ANNOTATIONS_AND_RGBA);
    const pixels = engine.pdfium.HEAPU8.slice(at, at + size).buffer;
    engine.FPDFBitmap_Destroy(bitmap);
    engine.pdfium.wasmExports.free(at);
    if (form) engine.FORM_OnBeforeClosePage(page, form);
    engine.FPDF_ClosePage(page);
    return { width, height, pixels };
  },
});
