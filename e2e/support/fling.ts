// From one end of a volume to the other and back as fast as a hand can fling it, with every frame recorded.
import type { Page } from '@playwright/test';

export type Fling = {
  /** Frames of the flight, and the longest distance between two, in milliseconds. */
  frames: number;
  longest: number;
  /** Tasks of the main thread over 50 ms, in milliseconds. */
  longTasks: number[];
  /** Pages that were current in some frame. */
  pages: number;
};

export type Watched = {
  frames: number;
  /** Frames in which the viewer said that every page in view shows something, and the view was blank. */
  blank: number;
  /** Frames in which some page in view had nothing to show yet, not even its thumbnail. */
  early: number;
};

/** Frames for one way: four seconds at 60 Hz. */
const FRAMES = 240;
/** Green of what counts as ink: letters are grey in a thumbnail; darker than the edges of pages and what is around. */
const INK = 185;

/** Flings there and back, and measures only. */
export function fling(page: Page): Promise<Fling> {
  return page.evaluate(async (frames) => {
    const viewer = window.evolume;
    const longTasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) longTasks.push(Math.round(entry.duration));
    });
    observer.observe({ type: 'longtask' });
    const seen = new Set<number>();
    let [longest, last] = [0, performance.now()];
    for (let frame = 0; frame < 2 * frames; frame++) {
      const way = frame < frames ? frame / frames : 2 - frame / frames;
      // Slow at the ends, fast in the middle.
      viewer.scrollTo(way * way * (3 - 2 * way));
      const now = await new Promise<number>(requestAnimationFrame);
      longest = Math.max(longest, now - last);
      last = now;
      seen.add(viewer.status?.page ?? 0);
    }
    for (const entry of observer.takeRecords()) longTasks.push(Math.round(entry.duration));
    observer.disconnect();
    return { frames: 2 * frames, longest: Math.round(longest), longTasks, pages: seen.size };
  }, FRAMES);
}

/** Flings once more and looks at every frame: reading the pixels back takes longer than painting them. */
export function flingWatched(page: Page): Promise<Watched> {
  return page.evaluate(
    async ([frames, INK]) => {
      const viewer = window.evolume;
      const { canvas } = viewer;
      const context = canvas.getContext('2d');
      let [blank, early] = [0, 0];
      for (let frame = 0; frame < 2 * frames; frame++) {
        const way = frame < frames ? frame / frames : 2 - frame / frames;
        viewer.scrollTo(way * way * (3 - 2 * way));
        await new Promise(requestAnimationFrame);
        // Painted in the frame that has just begun; what it shows was reported before.
        const shown = viewer.status?.blank === 0;
        const data = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        let dark = false;
        for (let i = 1; i < data.length && !dark; i += 4) dark = (data[i] ?? 255) < INK;
        if (!shown) early += 1;
        else if (!dark) blank += 1;
      }
      return { frames: 2 * frames, blank, early };
    },
    [FRAMES, INK] as const,
  );
}
