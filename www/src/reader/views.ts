// Keeps how the pages are arranged and turned; in a large volume no sooner than all of its materials are known.
import type { EvolumeViewer } from 'evolume';
import { keepView, lastView } from './memory.ts';

/** Keeps every view of it from now on. */
export function keepViews(volume: string, viewer: EvolumeViewer): void {
  let late = false;
  viewer.on('view', (view) => {
    late = viewer.manifest === null;
    if (viewer.manifest) keepView(volume, viewer.manifest, view);
  });
  viewer.on(
    'revise',
    ({ materials }) => {
      const counted = materials.map(({ id, pages }) => ({ id, pages: pages.length }));
      const { view } = viewer;
      const own = new Set(view.turns.map(([page]) => page));
      const more = lastView(volume, { materials: counted }).turns.filter(
        ([page]) => !own.has(page),
      );
      if (late || more.length > 0) viewer.setView({ ...view, turns: [...view.turns, ...more] });
    },
    { once: true },
  );
}
