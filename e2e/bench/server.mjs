// One HTTP server in front of every viewer, so that all pay the same: it serves the peers and their PDFs,
// passes everything else on to `evolume`, shapes the link, and counts bytes.
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import { extname, join, normalize, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const here = import.meta.dirname;
const root = resolve(here, '../..');
const cache = join(root, 'target/bench/brotli');

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.pdf': 'application/pdf',
};

/** Bytes are written in slices of this size when the link is shaped. */
const SLICE = 16 * 1024;

/** `bytesPerSecond: 0` is loopback as it is. */
export const NETS = {
  local: { bytesPerSecond: 0, latency: 0 },
  '50mbit': { bytesPerSecond: 6.25e6, latency: 20 },
};

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** A copy of the file as a server that means well would send it. */
function compressed(file, { mtimeMs, size }) {
  mkdirSync(cache, { recursive: true });
  const copy = join(cache, `${file.replaceAll('/', '_')}.${mtimeMs}.${size}.br`);
  if (!existsSync(copy)) {
    const bytes = readFileSync(file);
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    writeFileSync(copy, brotliCompressSync(bytes, { params }));
  }
  return copy;
}

/** The file behind a path: a peer's page or package, or a document. */
function locate(path, documents) {
  const [, area, ...rest] = path.split('/');
  if (area === 'doc') return documents[rest.join('/')];
  const base = { peers: join(here, 'peers'), packages: join(root, 'node_modules') }[area];
  const file = base && normalize(join(base, ...rest));
  return file?.startsWith(base) ? file : undefined;
}

/** `upstream`: where evolume listens; `documents`: name -> PDF file. */
export async function serve(upstream, documents) {
  const link = { ...NETS.local };
  let sent = [];
  let free = 0;

  async function write(response, chunk) {
    const step = link.bytesPerSecond ? SLICE : chunk.length;
    for (let at = 0; at < chunk.length && !response.destroyed; at += step) {
      const slice = chunk.subarray(at, at + step);
      if (link.bytesPerSecond) {
        const now = performance.now();
        free = Math.max(free, now - 20) + (slice.length / link.bytesPerSecond) * 1000;
        if (free - now > 4) await wait(free - now);
      }
      sent.push([Date.now(), slice.length]);
      if (!response.write(slice)) {
        await new Promise((done) => {
          const go = () => {
            response.off('drain', go).off('close', go);
            done();
          };
          response.on('drain', go).on('close', go);
        });
      }
    }
  }

  async function send(response, stream) {
    for await (const chunk of stream) await write(response, chunk);
    response.end();
  }

  async function file(request, response, path) {
    const info = path && existsSync(path) ? statSync(path) : undefined;
    if (!info?.isFile()) return response.writeHead(404).end();
    const headers = {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      'Cache-Control': 'no-cache',
      'Accept-Ranges': 'bytes',
    };
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    if (range) {
      const start = Number(range[1]);
      const end = Math.min(range[2] ? Number(range[2]) : info.size - 1, info.size - 1);
      headers['Content-Range'] = `bytes ${start}-${end}/${info.size}`;
      response.writeHead(206, { ...headers, 'Content-Length': end - start + 1 });
      return send(response, createReadStream(path, { start, end }));
    }
    const packed = extname(path) === '.pdf' ? undefined : compressed(path, info);
    if (packed) headers['Content-Encoding'] = 'br';
    response.writeHead(200, { ...headers, 'Content-Length': statSync(packed ?? path).size });
    return send(response, createReadStream(packed ?? path));
  }

  function pass(request, response) {
    const { hostname, port } = new URL(upstream);
    const { url: path, method, headers } = request;
    return new Promise((done, fail) => {
      const ask = http.request({ hostname, port, path, method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        send(response, answer).then(done, fail);
      });
      ask.on('error', fail);
      request.pipe(ask);
    });
  }

  const server = http.createServer(async (request, response) => {
    try {
      if (link.latency) await wait(link.latency);
      const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
      const ours = /^\/(peers|packages|doc)\//.test(path);
      await (ours ? file(request, response, locate(path, documents)) : pass(request, response));
    } catch {
      response.destroy();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Starts counting anew, on this link. */
    reset(net) {
      Object.assign(link, NETS[net]);
      sent = [];
      free = 0;
    },
    /** Kilobytes sent until a time (epoch milliseconds). */
    kilobytesUntil: (time) => sent.reduce((sum, [at, n]) => (at <= time ? sum + n : sum), 0) / 1024,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
