// How the pages of a volume are arranged and turned: kept, and taken up again; in a large volume no sooner than all of
// its materials are known.
import type { EvolumeViewer } from 'evolume';
import { keepView, lastView } from './memory.ts';

/** Turns those pages too, as they were left, that were not known when the viewer was opened. */
export function turnTheRest(volume: string, viewer: EvolumeViewer): void {
  const first = viewer.view.turns;
  viewer.on(
    'revise',
    () => {
      const { view } = viewer;
      // What has been turned, or back, since then stays.
      const known = new Set([...first, ...view.turns].map(([page]) => page));
      const { turns } = lastView(volume, viewer);
      const more = turns.filter(([page]) => !known.has(page));
      if (more.length > 0) viewer.setView({ ...view, turns: [...view.turns, ...more] });
    },
    { once: true },
  );
}

/** Keeps every view of it from now on. */
export function keepViews(volume: string, viewer: EvolumeViewer): void {
  let late = false;
  viewer.on('view', (view) => {
    late = viewer.manifest === null;
    if (viewer.manifest) keepView(volume, viewer.manifest, view);
  });
  viewer.on('revise', (manifest) => {
    if (late) keepView(volume, manifest, viewer.view);
    late = false;
  });
}
