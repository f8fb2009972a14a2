// PDF.js with its own viewer around it, to be scrolled.
import * as pdfjs from '/packages/pdfjs-dist/build/pdf.min.mjs';

// The viewer's components look for the library there.
globalThis.pdfjsLib = pdfjs;
const { EventBus, PDFLinkService, PDFViewer } =
  await import('/packages/pdfjs-dist/web/pdf_viewer.mjs');

const home = '/packages/pdfjs-dist/';
pdfjs.GlobalWorkerOptions.workerSrc = `${home}build/pdf.worker.min.mjs`;
const container = document.getElementById('container');
const eventBus = new EventBus();
const linkService = new PDFLinkService({ eventBus });
const viewer = new PDFViewer({ container, eventBus, linkService });
linkService.setViewer(viewer);
const file = await pdfjs.getDocument({
  url: new URL(new URLSearchParams(location.search).get('doc'), location.href).href,
  cMapUrl: `${home}cmaps/`,
  cMapPacked: true,
  standardFontDataUrl: `${home}standard_fonts/`,
  wasmUrl: `${home}wasm/`,
  iccUrl: `${home}iccs/`,
}).promise;
const rendered = new Promise((done) => eventBus.on('pagerendered', done, { once: true }));
eventBus.on('pagesinit', () => (viewer.currentScaleValue = '1.25'));
viewer.setDocument(file);
linkService.setDocument(file, null);
await Promise.all([viewer.pagesPromise, rendered]);

window.scroller = {
  scrollTo(fraction) {
    container.scrollTop = fraction * (container.scrollHeight - container.clientHeight);
  },
  /** Whether every page in view has been drawn. */
  drawn() {
    const { clientHeight } = container;
    for (const page of document.querySelectorAll('.page')) {
      const { top, bottom } = page.getBoundingClientRect();
      if (bottom > 0 && top < clientHeight && page.dataset.loaded !== 'true') return false;
    }
    return true;
  },
};
