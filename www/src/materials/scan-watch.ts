// Asks for the texts of scans while the server reads them, so that nobody has to open the volume again.
import type { EvolumeViewer, Manifest } from 'evolume';

/** Milliseconds between two questions: at first, and at most while nothing new comes. */
const SOON = 4_000;
const LATE = 60_000;
const SLOWER = 1.5;

export class ScanWatch {
  readonly #viewer: EvolumeViewer;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = SOON;

  constructor(viewer: EvolumeViewer) {
    this.#viewer = viewer;
  }

  start(): void {
    if (this.#timer === undefined) this.#next();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #next(): void {
    this.stop();
    if (isBeingRead(this.#viewer.manifest)) {
      this.#timer = setTimeout(() => void this.#ask(), this.#wait);
    }
  }

  async #ask(): Promise<void> {
    const before = this.#viewer.manifest;
    const asking = this.#timer;
    try {
      // Nobody looks: it can wait.
      if (!document.hidden) await this.#viewer.refresh();
    } catch (cause) {
      // Whoever reads is told by what he needs; this is asked again.
      console.warn(cause);
    }
    // Stopped meanwhile.
    if (this.#timer !== asking) return;
    this.#wait = this.#viewer.manifest === before ? Math.min(LATE, this.#wait * SLOWER) : SOON;
    this.#next();
  }
}

function isBeingRead(manifest: Manifest | null): boolean {
  return Boolean(
    manifest &&
    !manifest.unread &&
    manifest.materials.some(({ pages }) => pages.some(({ scan }) => scan?.state === 'pending')),
  );
}
