// Writes a .br file beside everything that compresses, once at build time and at the highest quality.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = /\.(js|css|html|svg|wasm|json)$/;

export function brotli(): Plugin {
  let outDir = '';
  // PDFium takes ten seconds at quality 11 and hardly ever changes.
  let cacheDir = '';
  return {
    name: 'brotli',
    apply: 'build',
    configResolved(config) {
      outDir = join(config.root, config.build.outDir);
      cacheDir = join(config.cacheDir, '..', '.cache', 'brotli');
    },
    // Not when the bundle is closed, as that happens to a failed one too, whose error would be hidden.
    async writeBundle() {
      mkdirSync(cacheDir, { recursive: true });
      const names = readdirSync(outDir, { recursive: true, encoding: 'utf8' });
      const files = names.filter((name) => COMPRESSIBLE.test(name));
      await Promise.all(files.map((name) => compress(join(outDir, name), cacheDir)));
    },
  };
}

async function compress(path: string, cacheDir: string): Promise<void> {
  const bytes = readFileSync(path);
  const cached = join(cacheDir, createHash('sha256').update(bytes).digest('hex'));
  if (!existsSync(cached)) {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    writeFileSync(cached, await promisify(brotliCompress)(bytes, { params }));
  }
  writeFileSync(`${path}.br`, readFileSync(cached));
}
