// Measures Evolume as its readers get it: the real shell, the real server.
import { fling } from './fling.mjs';

/** CSS pixels per point so that A4 at 150 dpi is 1240 px wide, as percent of 96 / 72. */
const percent = (dpi) => (1240 / 595.28 / (96 / 72)) * 100 * (dpi / 150);
const A4 = { width: 595.28, height: 841.89 };

/** `server`: see server.mjs; `volumes`: document -> volume id. */
export function evolume(server, volumes) {
  const address = (doc, zoom) => `${server.url}/#/v/${volumes[doc]}?page=1&zoom=${zoom.toFixed(2)}`;
  const timeOf = (page, mark) =>
    page.evaluate((mark) => {
      const [entry] = performance.getEntriesByName(mark);
      return { ms: entry.startTime, epoch: performance.timeOrigin + entry.startTime };
    }, mark);

  /** Makes the canvas this large; the shell's panels change with the window, hence the second look. */
  async function size(page, width, height) {
    for (let look = 0; look < 5; look++) {
      const now = await page.evaluate(async () => {
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        const { clientWidth, clientHeight } = window.evolume.canvas;
        return { width: clientWidth, height: clientHeight };
      });
      const [dx, dy] = [width - now.width, height - now.height];
      if (Math.abs(dx) < 2 && Math.abs(dy) < 2) return;
      const view = page.viewportSize();
      await page.setViewportSize({ width: view.width + dx, height: view.height + dy });
    }
    throw new Error(`the canvas does not become ${width} x ${height}`);
  }

  /** Milliseconds until a step's pixels are all on the canvas. */
  const timed = (page, kind, ...args) =>
    page.evaluate(
      async ([kind, args]) => {
        const viewer = window.evolume;
        const idle = () => viewer.status.sharp;
        const start = performance.now();
        viewer[kind](...args);
        await new Promise((done) => {
          const look = () =>
            idle() ? done() : viewer.addEventListener('status', look, { once: true });
          look();
        });
        // The frame that paints it, and its pixels.
        await new Promise(requestAnimationFrame);
        viewer.canvas.getContext('2d').getImageData(0, 0, 1, 1);
        return performance.now() - start;
      },
      [kind, args],
    );

  return {
    name: 'evolume',
    async cold(page, doc, net) {
      server.reset(net);
      await page.goto(address(doc, percent(150)), { waitUntil: 'commit' });
      await page.waitForFunction(() => performance.getEntriesByName('evolume:sharp').length, null, {
        timeout: 120_000,
        polling: 100,
      });
      const readable = await timeOf(page, 'evolume:readable');
      const sharp = await timeOf(page, 'evolume:sharp');
      return {
        first_readable_ms: readable.ms,
        first_sharp_ms: sharp.ms,
        kb_before_readable: server.kilobytesUntil(readable.epoch),
        kb_before_sharp: server.kilobytesUntil(sharp.epoch),
      };
    },
    async open(page, doc) {
      await page.goto(address(doc, percent(150)), { waitUntil: 'commit' });
      await page.waitForFunction(() => window.evolume?.status?.sharp, null, { timeout: 120_000 });
      return page.evaluate(() => window.evolume.status.pages);
    },
    async pages(page, numbers, dpi) {
      const scale = (percent(dpi) / 100) * (96 / 72);
      await size(page, Math.round(A4.width * scale) + 40, Math.round(A4.height * scale) + 20);
      await timed(page, 'zoomTo', percent(dpi));
      const times = [];
      for (const number of numbers) times.push(await timed(page, 'goTo', number));
      return times;
    },
    /** Of each query: milliseconds until the first hit and until all are there, and their number. */
    search: (page, queries) =>
      page.evaluate(async (queries) => {
        const results = [];
        for (const query of queries) {
          const start = performance.now();
          let [hits, first] = [0, 0];
          for await (const found of window.evolume.search(query)) {
            if (found.hits.length > 0) first ||= performance.now() - start;
            for (const { matches } of found.hits) hits += matches.length;
          }
          results.push({ first, ms: performance.now() - start, hits });
        }
        return results;
      }, queries),
    async fling(page, doc) {
      await page.goto(address(doc, 125), { waitUntil: 'commit' });
      await page.waitForFunction(() => window.evolume?.status?.sharp, null, { timeout: 120_000 });
      await page.evaluate(() => {
        const viewer = window.evolume;
        window.scroller = {
          scrollTo: (fraction) => viewer.scrollTo(fraction),
          drawn: () => viewer.status.blank === 0,
        };
      });
      return fling(page);
    },
    async zoom(page, number, windows) {
      await size(page, 1600, 1000);
      await timed(page, 'zoomTo', percent(150));
      await timed(page, 'goTo', number);
      const [[x0, y0], ...rest] = windows;
      const first = await timed(page, 'zoomTo', 400);
      const times = [first];
      let [x, y] = [x0, y0];
      for (const [nx, ny] of rest) {
        times.push(await timed(page, 'scrollBy', nx - x, ny - y));
        [x, y] = [nx, ny];
      }
      return times;
    },
  };
}
