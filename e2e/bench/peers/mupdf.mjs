// MuPDF compiled to wasm.
import { remote } from './remote.mjs';

export default async () => remote(new URL('mupdf.worker.mjs', import.meta.url));
