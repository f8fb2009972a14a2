// Unit tests of the TypeScript that decides something, beside the code that they test; they need no browser and no build.
import { defineConfig } from 'vitest/config';

/** What comes out of the Rust build: a test that runs into it asks for a browser. */
const WASM = /\/dist\/\w+(\.js|_bg\.wasm\?.*)$/;

export default defineConfig({
  plugins: [
    {
      name: 'no-wasm',
      enforce: 'pre',
      resolveId: (id) => (WASM.test(id) ? '\0no-wasm' : null),
      load: (id) =>
        id === '\0no-wasm'
          ? "export default () => { throw new Error('no WebAssembly in unit tests') }"
          : null,
    },
  ],
  test: {
    include: ['pkg/src/**/*.test.ts', 'www/src/**/*.test.ts', 'e2e/**/*.test.ts'],
    environment: 'node',
    // An unhandled rejection or a test left focused must not pass.
    allowOnly: false,
  },
});
