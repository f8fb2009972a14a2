// Takes a reader's own PDF in: what ingest does on the server, in the browser. Nothing leaves it.
import initLocal, * as rust from '../dist/local.js';
import localWasm from '../dist/local_bg.wasm?url&no-inline';
import type { Code } from './generated/index.ts';
import { fetchWasm, linkPdfium } from './pdfium.ts';

/** What the page sends: compiled PDFium first, then the file. */
export type LocalRequest =
  | { type: 'start'; pdfium: WebAssembly.Module }
  | { type: 'open'; file: File; password: string | undefined };

/** Blobs by SHA-256. */
export type LocalBlobs = [sha256: string, blob: Blob][];

export type LocalReply =
  | { type: 'opened'; manifest: string }
  | { type: 'refused'; code: Code }
  /** More is known: texts and index first, then thumbnails. */
  | { type: 'revised'; manifest: string; blobs: LocalBlobs; last: boolean }
  | { type: 'broken'; cause: string };

/** As `model::volume` packs them. */
const SHEET_PAGES = 16;
const COLUMNS = 4;
const CELL_WIDTH = 160;
const CELL_HEIGHT = 226;
const THUMB_QUALITY = 0.7;

let ready: Promise<void> | undefined;

addEventListener('message', ({ data }: MessageEvent<LocalRequest>) => {
  if (data.type === 'start') ready = start(data.pdfium);
  else open(data.file, data.password).catch(fail);
});

async function start(module: WebAssembly.Module): Promise<void> {
  const [exports, pdfium] = await Promise.all([
    initLocal({ module_or_path: fetchWasm(localWasm) }),
    linkPdfium(module, fail),
  ]);
  rust.initialize_pdfium_render(pdfium, exports, false);
}

async function open(file: File, password: string | undefined): Promise<void> {
  await ready;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return reply({ type: 'refused', code: 'file.unreadable' });
  }
  const sha256 = await digest(bytes);
  let local: rust.LocalFile;
  try {
    local = new rust.LocalFile(bytes, sha256, file.name, password);
  } catch (cause) {
    // Codes are thrown as strings; anything else is broken.
    if (typeof cause !== 'string') throw cause;
    return reply({ type: 'refused', code: cause as Code });
  }
  reply({ type: 'opened', manifest: local.manifest() });
  for (let page = 0; page < local.pages; page += 1) local.read(page);
  const made = local.finish() as [string, Uint8Array<ArrayBuffer>][];
  const blobs: LocalBlobs = made.map(([sha256, bytes]) => [sha256, new Blob([bytes])]);
  reply({ type: 'revised', manifest: local.manifest(), blobs, last: false });
  const thumbs = await drawThumbs(local);
  reply({ type: 'revised', manifest: local.manifest(), blobs: thumbs, last: true });
}

async function drawThumbs(local: rust.LocalFile): Promise<LocalBlobs> {
  const blobs: LocalBlobs = [];
  for (let first = 0; first < local.pages; first += SHEET_PAGES) {
    const sprite = await drawSprite(local, first, Math.min(SHEET_PAGES, local.pages - first));
    const sha256 = await digest(new Uint8Array(await sprite.arrayBuffer()));
    local.setThumbs(first / SHEET_PAGES, sha256, sprite.size);
    blobs.push([sha256, sprite]);
  }
  return blobs;
}

function drawSprite(local: rust.LocalFile, first: number, count: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(
    Math.min(count, COLUMNS) * CELL_WIDTH,
    Math.ceil(count / COLUMNS) * CELL_HEIGHT,
  );
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('no 2d context');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < count; at += 1) {
    const thumb = local.thumb(first + at) as
      [number, number, Uint8ClampedArray<ArrayBuffer>] | undefined;
    if (!thumb) continue;
    const [width, height, pixels] = thumb;
    const image = new ImageData(pixels, width, height);
    context.putImageData(
      image,
      (at % COLUMNS) * CELL_WIDTH,
      Math.floor(at / COLUMNS) * CELL_HEIGHT,
    );
  }
  return canvas.convertToBlob({ type: 'image/jpeg', quality: THUMB_QUALITY });
}

/** By the browser where it may: it is faster. */
async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (!subtle) return rust.digest(bytes);
  const hash = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function reply(message: LocalReply): void {
  postMessage(message);
}

function fail(cause: unknown): void {
  reply({ type: 'broken', cause: String(cause) });
}
