// A wasm engine in a worker: calls go over as messages, pixels come back as buffers.

/** On the page: a peer whose engine runs in the worker at `url`. */
export function remote(url) {
  const worker = new Worker(url, { type: 'module' });
  const waiting = new Map();
  let calls = 0;
  worker.onmessage = ({ data: { id, value, error } }) => {
    const { done, fail } = waiting.get(id);
    waiting.delete(id);
    if (error) fail(new Error(error));
    else done(value);
  };
  const call = (method, ...args) =>
    new Promise((done, fail) => {
      waiting.set(++calls, { done, fail });
      worker.postMessage({ id: calls, method, args });
    });
  return {
    open: (file) => call('open', new URL(file, location.href).href),
    async render(number, scale, window_) {
      const { width, height, pixels } = await call('render', number, scale, window_);
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      canvas
        .getContext('2d')
        .putImageData(new ImageData(new Uint8ClampedArray(pixels), width, height), 0, 0);
      return canvas;
    },
  };
}

/** In the worker: answers calls with an engine's methods. */
export function answer(engine) {
  self.onmessage = async ({ data: { id, method, args } }) => {
    try {
      const value = await engine[method](...args);
      self.postMessage({ id, value }, value?.pixels ? [value.pixels] : []);
    } catch (error) {
      self.postMessage({ id, error: String(error?.message ?? error) });
    }
  };
}

export async function download(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  return new Uint8Array(await response.arrayBuffer());
}
