// When the interface around the pages may load: looking into a manifest takes time that the first page does not have.
import type { EvolumeViewer, Manifest } from 'evolume';

/** Milliseconds after which the sharp page is not waited for any more. */
const PATIENCE = 1500;

/**
 * Tells every manifest from the first readable page on, and once the one that is there when the page is sharp, or
 * does not become so. The signal ends it.
 */
export function whenThere(
  viewer: EvolumeViewer,
  signal: AbortSignal,
  known: (manifest: Manifest) => void,
  settled: (manifest: Manifest) => void,
): void {
  let [readable, due, done] = [false, false, false];
  const look = (): void => {
    const manifest = readable || due ? viewer.manifest : null;
    if (!manifest || signal.aborted) return;
    known(manifest);
    if (!due || done) return;
    done = true;
    settled(manifest);
  };
  const read = (): void => {
    readable = true;
    look();
  };
  const settle = (): void => {
    due = true;
    look();
    // Told by the viewer when it does not come.
    viewer.whole().catch(() => undefined);
  };
  viewer.on('readable', read);
  viewer.on('sharp', settle);
  viewer.on('revise', look);
  // There is nothing to be read in an empty volume.
  viewer.on('status', ({ pages }) => {
    if (pages === 0 && !readable) read();
  });
  // A broken volume never becomes sharp, and its other volumes are wanted all the same.
  setTimeout(settle, PATIENCE);
  // What it told before anybody listened.
  if (viewer.stage !== 'opening' || viewer.status?.pages === 0) read();
  if (viewer.stage === 'sharp') settle();
}
