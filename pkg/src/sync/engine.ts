// The Rust side of a layer, loaded when annotations are wanted and not before.
import initLayers, { Layer, type Outcome } from '../../dist/layers.js';
import layersWasm from '../../dist/layers_bg.wasm?url&no-inline';
import { EvolumeError } from '../error.ts';
import type { LayerSummary, Principal } from '../generated/index.ts';

export type { Layer, Outcome };

let loading: Promise<void> | undefined;

/** After a failure the next call tries anew. */
export async function createLayer({ id, name }: Principal, layer: LayerSummary): Promise<Layer> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  await loading;
  return new Layer(randomReplica(), id, name, layer.write_others);
}

async function load(): Promise<void> {
  let response: Response;
  try {
    response = await fetch(layersWasm);
  } catch (cause) {
    throw new EvolumeError('server.gone', { cause });
  }
  if (!response.ok) throw new EvolumeError('server.internal');
  await initLayers({ module_or_path: response });
}

/** An integer below 2^53: two open documents never have the same one. */
function randomReplica(): number {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return (high & 0x1fffff) * 2 ** 32 + low;
}
