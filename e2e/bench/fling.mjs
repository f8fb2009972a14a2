// From one end of a volume to the other and back as fast as a hand can fling it, in a page that has
// `window.scroller`: `{ scrollTo(fraction), drawn() -> boolean }`.

/** Frames for one way: four seconds at 60 Hz. */
const FRAMES = 240;

/** How smooth it was, and in which share of the frames some page in view had nothing to show. */
export function fling(page) {
  return page.evaluate(async (frames) => {
    const tasks = [];
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries()));
    observer.observe({ type: 'longtask' });
    const gaps = [];
    let last = performance.now();
    let bare = 0;
    for (let frame = 0; frame < 2 * frames; frame++) {
      const way = frame < frames ? frame / frames : 2 - frame / frames;
      // Slow at the ends, fast in the middle.
      window.scroller.scrollTo(way * way * (3 - 2 * way));
      const now = await new Promise(requestAnimationFrame);
      gaps.push(now - last);
      last = now;
      if (!window.scroller.drawn()) bare += 1;
    }
    tasks.push(...observer.takeRecords());
    observer.disconnect();
    const durations = tasks.map(({ duration }) => duration);
    return {
      fling_frames_over_50: gaps.filter((gap) => gap > 50).length,
      fling_longest_frame_ms: Math.max(...gaps),
      fling_long_tasks: durations.length,
      fling_longest_task_ms: Math.max(0, ...durations),
      fling_bare_share: bare / gaps.length,
    };
  }, FRAMES);
}
