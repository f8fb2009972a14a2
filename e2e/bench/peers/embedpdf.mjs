// EmbedPDF's engine: PDFium compiled to wasm.
import { remote } from './remote.mjs';

export default async () => remote(new URL('embedpdf.worker.mjs', import.meta.url));
