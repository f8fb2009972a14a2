// Opens a volume in an element of its own: at the place in the address, or where this reader left it.
import { EvolumeError, type EvolumeViewer, open, type Place } from 'evolume';
import { isLocal, localVolume } from '../local/shelf.ts';
import { volumeUrl } from '../route.ts';
import { isDark } from '../settings.ts';
import { lastPlace, lastView } from './memory.ts';

/** On screens wider than this a page as wide as the window is larger than anyone reads. */
const WIDE = 1040;
const COMFORTABLE = 125;

/** The element that a volume's pages are in, the viewer that shows them, and the place at which it was opened. */
export type Stage = { element: HTMLElement; viewer: Promise<EvolumeViewer>; place: Place };

/** The element fills `parent`. */
export function openStage(
  parent: HTMLElement,
  volume: string,
  wanted: Place | undefined,
  signal?: AbortSignal,
): Stage {
  const element = document.createElement('div');
  element.className = 'stage';
  parent.append(element);
  const zoom = element.clientWidth >= WIDE ? COMFORTABLE : ('width' as const);
  // The address says where; else where one was.
  const place: Place = { zoom, page: 1, ...(wanted ?? lastPlace(volume)) };
  const local = localVolume(volume);
  if (isLocal(volume) && !local) {
    return { element, viewer: Promise.reject(new EvolumeError('local.gone')), place };
  }
  const viewer = open(element, {
    volume: volumeUrl(volume),
    place,
    view: lastView(volume),
    dark: isDark(),
    local,
    ...(signal && { signal }),
  });
  // Reported by whoever waits for the viewer.
  viewer.catch(() => undefined);
  return { element, viewer, place };
}
