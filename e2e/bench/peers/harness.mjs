// The page in which a peer's engine is measured. A peer is `{ open(url) -> pages, render(page, pixelsPerPoint, window?) -> canvas }`.
const query = new URLSearchParams(location.search);
const stage = document.getElementById('stage');
const { default: create } = await import(`./${query.get('viewer')}.mjs`);
const viewer = await create();

/** A4 is 1240 px wide at 150 dpi. */
const perPoint = (dpi) => (1240 / 595.28) * (dpi / 150);
const frames = () =>
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

/** Canvas drawing is recorded and rasterised lazily: reading a pixel makes the pixels real. */
function show(canvas) {
  stage.replaceChildren(canvas);
  canvas.getContext('2d').getImageData(0, 0, 1, 1);
}

async function timed(make) {
  const start = performance.now();
  show(await make());
  return performance.now() - start;
}

window.bench = {
  open: (url) => viewer.open(url),
  async pages(numbers, dpi) {
    const times = [];
    for (const number of numbers)
      times.push(await timed(() => viewer.render(number, perPoint(dpi))));
    return times;
  },
  async search(queries) {
    const results = [];
    for (const query of queries) {
      const start = performance.now();
      let first = 0;
      const hits = await viewer.search(query, () => (first ||= performance.now() - start));
      results.push({ first, ms: performance.now() - start, hits });
    }
    return results;
  },
  async zoom(number, windows) {
    show(await viewer.render(number, perPoint(150)));
    const times = [];
    for (const [x, y] of windows) {
      times.push(await timed(() => viewer.render(number, 4 * (96 / 72), [x, y, 1600, 1000])));
    }
    return times;
  },
};
window.ready = true;

const url = query.get('cold');
if (url) {
  await viewer.open(url);
  stage.replaceChildren(await viewer.render(1, perPoint(150)));
  await frames();
  const ms = performance.now();
  window.cold = { ms, epoch: performance.timeOrigin + ms };
}
