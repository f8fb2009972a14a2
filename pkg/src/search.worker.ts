// The search worker: loads the Rust code that reads the index, then Rust takes over.
import initSearch, * as search from '../dist/search.js';
import searchWasm from '../dist/search_bg.wasm?url&no-inline';
import type { Code } from './generated/index.ts';

async function start(): Promise<void> {
  let response: Response;
  try {
    response = await fetch(searchWasm);
  } catch {
    return fail('server.gone');
  }
  if (!response.ok) return fail('search.failed');
  await initSearch({ module_or_path: response });
  search.start();
}

/** The one message that is no JSON. */
function fail(fatal: Code): void {
  postMessage({ fatal });
}

start().catch((error: unknown) => {
  console.error(error);
  fail('search.failed');
});
