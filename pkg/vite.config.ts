// Builds the package as it is published: one entry, its worker and the wasm files beside it.
import { defineConfig } from 'vite';

export default defineConfig({
  // Addresses relative to the module, so that the folder can be put anywhere.
  base: './',
  build: {
    outDir: 'dist/lib',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    // Not Vite's library mode, which would put every wasm file into the script as base64.
    rolldownOptions: {
      input: 'src/index.ts',
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: 'evolume.js' },
    },
  },
  worker: { format: 'es' },
});
