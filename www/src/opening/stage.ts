// Opens a volume in an element of its own: at the place in the address, or where this reader left it.
import { EvolumeError, type EvolumeViewer, open, type Place } from 'evolume';
import { isLocal, localVolume } from '../local/shelf.ts';
import { volumeUrl } from '../route.ts';
import { isDark } from '../settings.ts';
import { lastPlace, lastView } from './memory.ts';
import { turnTheRest } from './views.ts';

/** On screens wider than this a page as wide as the window is larger than anyone reads. */
const WIDE = 1040;
const COMFORTABLE = 125;

/** The element that a volume's pages are in, and the viewer that shows them. */
export type Stage = { element: HTMLElement; viewer: Promise<EvolumeViewer> };

/** The element fills `parent`. */
export function openStage(
  parent: HTMLElement,
  volume: string,
  place: Place | undefined,
  signal?: AbortSignal,
): Stage {
  const element = document.createElement('div');
  element.className = 'stage';
  parent.append(element);
  const zoom = element.clientWidth >= WIDE ? COMFORTABLE : ('width' as const);
  const local = localVolume(volume);
  if (isLocal(volume) && !local) {
    return { element, viewer: Promise.reject(new EvolumeError('local.gone')) };
  }
  const viewer = open(element, {
    volume: volumeUrl(volume),
    // The address says where; else where one was.
    place: { zoom, page: 1, ...(place ?? lastPlace(volume)) },
    view: (known) => lastView(volume, known),
    dark: isDark(),
    local,
    ...(signal && { signal }),
  });
  viewer.then(
    (viewer) => turnTheRest(volume, viewer),
    // Reported by whoever waits for the viewer.
    () => undefined,
  );
  return { element, viewer };
}
