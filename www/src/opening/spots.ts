// Places that know which page they are on: an address or a memory may be older than the order of the materials.
import {
  type EvolumeViewer,
  type Manifest,
  Numbering,
  type PageRef,
  type Place,
  type Status,
} from 'evolume';
import type { Spot } from '../route.ts';

/** Which page a status is on, as soon as its material is known. */
export function pageOf(
  { material, page, page_in_material }: Pick<Status, 'material' | 'page' | 'page_in_material'>,
  manifest: Manifest | null,
): PageRef | undefined {
  const id = page > 0 ? manifest?.materials[material]?.id : undefined;
  return id === undefined ? undefined : { material: id, index: page_in_material - 1 };
}

/** The place by the number that its page has now; as it is, where the page is not known, or not there any more. */
export function renumbered({ at, ...place }: Spot, known: Pick<EvolumeViewer, 'materials'>): Place {
  const page = at ? new Numbering(known.materials).number(at) : null;
  return page === null ? place : { ...place, page };
}

/**
 * Pages are opened by their number, because no more is known of them then. When it turns out to be another page than
 * was meant, goes to that one, unless the reader has gone elsewhere.
 */
export function correctPage(viewer: EvolumeViewer, spot: Spot): void {
  if (!spot.at) return;
  const begin = (): void => {
    const opened = viewer.status?.page;
    const correct = (): void => {
      const place = renumbered(spot, viewer);
      if (viewer.status?.page === opened && place.page !== opened) viewer.moveTo(place);
    };
    correct();
    // Of a large volume the materials become known later.
    if (!viewer.manifest) viewer.on('revise', correct, { once: true });
  };
  if (viewer.stage === 'opening') viewer.on('readable', begin, { once: true });
  else begin();
}
