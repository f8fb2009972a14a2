// How the pages of a volume are arranged and turned: kept, and taken up again.
import type { EvolumeViewer } from 'evolume';
import { keepView } from './memory.ts';

/** Keeps every view of it from now on. */
export function keepViews(volume: string, viewer: EvolumeViewer): void {
  viewer.on('view', (view) => keepView(volume, view));
}
