// Builds the shell into dist/, ready to be served as static files.
import { defineConfig } from 'vite';
import { brotli } from './vite/brotli.ts';
import { preloads } from './vite/preloads.ts';

export default defineConfig({
  base: './',
  build: {
    // Courts run browsers one or two years behind.
    target: ['chrome123', 'edge123', 'firefox125', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The page comes out of one file, the interface out of a second: each further one costs a request.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'page', test: /www[\\/]src[\\/]main\.ts$/, priority: 2 },
            { name: 'app', test: /www[\\/]src[\\/]app\.ts$/, priority: 1 },
          ],
        },
      },
    },
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  plugins: [preloads(), brotli()],
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
