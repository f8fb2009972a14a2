// Unit tests of the TypeScript that decides something, beside the code that they test; they need no browser.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['pkg/src/**/*.test.ts', 'www/src/**/*.test.ts', 'e2e/**/*.test.ts'],
    environment: 'node',
    // An unhandled rejection or a test left focused must not pass.
    allowOnly: false,
  },
});
