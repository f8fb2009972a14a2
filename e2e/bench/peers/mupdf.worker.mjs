// MuPDF through its own bindings.
import { answer, download } from './remote.mjs';

const loading = import('/packages/mupdf/dist/mupdf.js');
let mupdf;
let file;

answer({
  async open(url) {
    const bytes = download(url);
    mupdf = await loading;
    file = mupdf.Document.openDocument(await bytes, 'application/pdf');
    return file.countPages();
  },
  render(number, scale, window_) {
    const page = file.loadPage(number - 1);
    const [left, top, right, bottom] = page.getBounds();
    const whole = [0, 0, Math.floor((right - left) * scale), Math.floor((bottom - top) * scale)];
    const [x, y, width, height] = window_ ?? whole;
    const pixmap = new mupdf.Pixmap(
      mupdf.ColorSpace.DeviceRGB,
      [x, y, x + width, y + height],
      true,
    );
    pixmap.clear(255);
    const device = new mupdf.DrawDevice([scale, 0, 0, scale, -left * scale, -top * scale], pixmap);
    page.run(device, mupdf.Matrix.identity);
    device.close();
    const pixels = pixmap.getPixels().slice().buffer;
    device.destroy();
    pixmap.destroy();
    page.destroy();
    return { width, height, pixels };
  },
});
