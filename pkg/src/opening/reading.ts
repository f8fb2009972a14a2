// Reads a manifest of many megabytes in short steps, for the engine and for the page around it: what the reader does in
// between is heard.
import type { EngineModule, Reading } from '../engine-face.ts';
import type { Manifest, Material } from '../generated/index.ts';
import { parse } from './known.ts';
import { split } from './split.ts';

/** Milliseconds of a step, about: half a frame. */
const STEP = 8;

export type ReadManifest = {
  manifest: Manifest;
  /** The same for the engine: used up by the viewer that it is given to. */
  reading: Reading;
};

/** Rejects when the signal says so, and throws a code when it is no manifest. */
export async function readManifest(
  engine: EngineModule,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<ReadManifest> {
  const reading = new engine.Reading();
  let since = performance.now();
  const rest = async (): Promise<void> => {
    if (performance.now() - since < STEP) return;
    await new Promise((done) => setTimeout(done));
    signal.throwIfAborted();
    since = performance.now();
  };
  try {
    const pieces = split(bytes);
    const materials: Material[] = [];
    let piece = pieces.next();
    for (; !piece.done; piece = pieces.next()) {
      reading.material(piece.value);
      await rest();
      materials.push(parse(piece.value) as Material);
      await rest();
    }
    reading.head(piece.value);
    const manifest = parse(piece.value) as Manifest;
    manifest.materials.push(...materials);
    return { manifest, reading };
  } catch (cause) {
    reading.free();
    throw cause;
  }
}
