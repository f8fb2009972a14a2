// The volume that the address names, opened before the interface is loaded: the page comes first.
import { EvolumeError, type EvolumeViewer, open, type Place } from 'evolume';
import { isLocal, localVolume } from './local/shelf.ts';
import { lastPlace, lastView } from './reader/memory.ts';
import { turnTheRest } from './reader/views.ts';
import { volumeUrl } from './route.ts';
import { firstPanel, isDark } from './settings.ts';

/** On screens wider than this a page as wide as the window is larger than anyone reads. */
const WIDE = 1040;
const COMFORTABLE = 125;
/** Milliseconds that the interface waits for the page at most: on a slow line both come as they can. */
const PATIENCE = 500;

/** The element that a volume's pages are in, and the viewer that shows them. */
export type Stage = { element: HTMLElement; viewer: Promise<EvolumeViewer> };

type Early = Stage & { volume: string; outline: HTMLElement };

let early: Early | null = null;

/** Opens a volume in an element of its own, which fills `parent`. */
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
    // Told by whoever waits for the viewer.
    () => undefined,
  );
  return { element, viewer };
}

/** Opens a volume inside the outline of the reader; resolves when its page can be read, or is long in coming. */
export async function openEarly(volume: string, place: Place | undefined): Promise<void> {
  const outline = document.createElement('div');
  outline.className = 'outline';
  outline.dataset['panel'] = firstPanel();
  for (const part of ['bar', 'rail', 'panel', 'pages', 'line']) {
    outline.append(Object.assign(document.createElement('div'), { className: part }));
  }
  document.body.append(outline);
  const pages = outline.querySelector<HTMLElement>('.pages');
  if (!pages) return;
  early = { ...openStage(pages, volume, place), volume, outline };
  const readable = early.viewer.then(
    (viewer) => new Promise<void>((done) => viewer.on('readable', () => done(), { once: true })),
    // Told by whoever takes the stage over.
    () => undefined,
  );
  await Promise.race([readable, new Promise((done) => setTimeout(done, PATIENCE))]);
}

/** Hands the stage over to the interface, if it shows this volume; else it is given up. */
export function takeEarly(volume: string | null): Stage | null {
  const stage = early;
  early = null;
  stage?.outline.remove();
  if (!stage || stage.volume === volume) return stage;
  stage.viewer.then(
    (viewer) => viewer.destroy(),
    () => undefined,
  );
  return null;
}
