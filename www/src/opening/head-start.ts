// The volume that the address names, opened before the interface is loaded: the page comes first.
import type { Place } from 'evolume';
import { firstPanel } from '../settings.ts';
import { openStage, type Stage } from './stage.ts';

/** Milliseconds that the interface waits for the page at most: on a slow line both come as they can. */
const PATIENCE = 500;

type Ahead = Stage & { volume: string; outline: HTMLElement };

let ahead: Ahead | null = null;

/** Opens a volume inside the outline of the reader; resolves when its page can be read, or is long in coming. */
export async function openAhead(volume: string, place: Place | undefined): Promise<void> {
  const outline = document.createElement('div');
  outline.className = 'outline';
  outline.dataset['panel'] = firstPanel();
  for (const part of ['bar', 'rail', 'panel', 'pages', 'line']) {
    outline.append(Object.assign(document.createElement('div'), { className: part }));
  }
  document.body.append(outline);
  const pages = outline.querySelector<HTMLElement>('.pages');
  if (!pages) return;
  ahead = { ...openStage(pages, volume, place), volume, outline };
  const readable = ahead.viewer.then(
    (viewer) => new Promise<void>((done) => viewer.on('readable', () => done(), { once: true })),
    // Reported by whoever takes the stage over.
    () => undefined,
  );
  await Promise.race([readable, new Promise((done) => setTimeout(done, PATIENCE))]);
}

/** Hands the stage over to the interface, if it shows this volume; else it is given up. */
export function takeAhead(volume: string | null): Stage | null {
  const stage = ahead;
  ahead = null;
  stage?.outline.remove();
  if (!stage || stage.volume === volume) return stage;
  stage.viewer.then(
    (viewer) => viewer.destroy(),
    () => undefined,
  );
  return null;
}
