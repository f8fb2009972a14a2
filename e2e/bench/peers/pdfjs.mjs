// PDF.js with its default options; like its viewer it keeps the last ten pages.
import * as pdfjs from '/packages/pdfjs-dist/build/pdf.min.mjs';

const home = '/packages/pdfjs-dist/';
const KEPT = 10;

export default async function create() {
  pdfjs.GlobalWorkerOptions.workerSrc = `${home}build/pdf.worker.min.mjs`;
  let document_;
  const kept = [];
  const texts = [];
  return {
    async open(url) {
      texts.length = 0;
      document_ = await pdfjs.getDocument({
        url: new URL(url, location.href).href,
        cMapUrl: `${home}cmaps/`,
        cMapPacked: true,
        standardFontDataUrl: `${home}standard_fonts/`,
        wasmUrl: `${home}wasm/`,
        iccUrl: `${home}iccs/`,
      }).promise;
      return document_.numPages;
    },
    /** As its viewer's find: each page's text is taken once and looked through without the line ends. */
    async search(query, found) {
      let hits = 0;
      for (let number = 1; number <= document_.numPages; number++) {
        if (texts.length < number) {
          const { items } = await (await document_.getPage(number)).getTextContent();
          texts.push(items.map(({ str }) => str ?? '').join(''));
        }
        const here = texts[number - 1].split(query).length - 1;
        if (here > 0) found();
        hits += here;
      }
      return hits;
    },
    async render(number, scale, window_) {
      const page = await document_.getPage(number);
      const canvas = document.createElement('canvas');
      const [x, y, width, height] = window_ ?? [0, 0];
      const viewport = page.getViewport({ scale, offsetX: -x, offsetY: -y });
      canvas.width = width ?? Math.floor(viewport.width);
      canvas.height = height ?? Math.floor(viewport.height);
      await page.render({ canvas, viewport }).promise;
      if (!kept.includes(page)) kept.push(page);
      if (kept.length > KEPT) kept.shift().cleanup();
      return canvas;
    },
  };
}
