// Measures a peer's engine in the harness page.
import { fling } from './fling.mjs';

const SEARCHES = new Set(['pdfjs']);
/** Those that come with a viewer to be scrolled. */
const SCROLLS = new Set(['pdfjs']);

/** `server`: see server.mjs; `name`: a module of ./peers. */
export function peer(name, server) {
  const open = async (page, query = '') => {
    await page.goto(`${server.url}/peers/harness.html?viewer=${name}${query}`);
    await page.waitForFunction(() => window.ready);
  };
  return {
    name,
    /** First page on the screen, from navigation. */
    async cold(page, doc, net) {
      server.reset(net);
      await page.goto(`${server.url}/peers/harness.html?viewer=${name}&cold=/doc/${doc}`, {
        waitUntil: 'commit',
      });
      await page.waitForFunction(() => window.cold, null, { timeout: 120_000, polling: 100 });
      const { ms, epoch } = await page.evaluate(() => window.cold);
      const kb = server.kilobytesUntil(epoch);
      return {
        first_readable_ms: ms,
        first_sharp_ms: ms,
        kb_before_readable: kb,
        kb_before_sharp: kb,
      };
    },
    async open(page, doc) {
      await open(page);
      return page.evaluate((url) => window.bench.open(url), `/doc/${doc}`);
    },
    /** Milliseconds a page at a resolution of so many dpi. */
    pages: (page, numbers, dpi) =>
      page.evaluate(([list, dpi]) => window.bench.pages(list, dpi), [numbers, dpi]),
    /** As of `evolume`, where the peer can search. */
    ...(SEARCHES.has(name) && {
      search: (page, queries) => page.evaluate((queries) => window.bench.search(queries), queries),
    }),
    /** Opens the peer's own viewer and flings it. */
    ...(SCROLLS.has(name) && {
      async fling(page, doc) {
        await page.goto(`${server.url}/peers/${name}-viewer.html?doc=/doc/${doc}`);
        await page.waitForFunction(() => window.scroller, null, { timeout: 120_000 });
        return fling(page);
      },
    }),
    /** Windows of 1600 x 1000 at 400 %. */
    zoom: (page, number, windows) =>
      page.evaluate(([number, windows]) => window.bench.zoom(number, windows), [number, windows]),
  };
}
