// Loads the viewer's WebAssembly once per page.
import initViewer, { Reading, Viewer, Volume } from '../dist/viewer.js';
import viewerWasm from '../dist/viewer_bg.wasm?url&no-inline';
import type { EngineModule } from './engine-face.ts';
import { EvolumeError } from './error.ts';

let loading: Promise<EngineModule> | undefined;

/** Starts the download; cheap to call again. After a failure the next call tries anew. */
export function loadEngine(): Promise<EngineModule> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<EngineModule> {
  if (!isSupported()) throw new EvolumeError('browser.unsupported');
  let response: Response;
  try {
    response = await fetch(viewerWasm);
  } catch (cause) {
    throw new EvolumeError('server.gone', { cause });
  }
  if (!response.ok) throw new EvolumeError('server.internal');
  try {
    await initViewer({ module_or_path: response });
  } catch (cause) {
    // The bytes came, but this browser cannot compile or link them.
    throw new EvolumeError('browser.unsupported', { cause });
  }
  // The generated types know tuples only as arrays.
  return { Reading, Viewer, Volume } as unknown as EngineModule;
}

function isSupported(): boolean {
  return (
    typeof WebAssembly === 'object' &&
    typeof OffscreenCanvas === 'function' &&
    typeof createImageBitmap === 'function'
  );
}
