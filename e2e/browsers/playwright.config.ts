// The journey in other engines: Playwright only runs it, each browser has a driver of its own.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  globalSetup: '../support/setup.ts',
  outputDir: '../../target/e2e/browsers',
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: !!process.env.CI,
  reporter: [['list']],
});
