// A fresh browser per measurement, and the memory of its page's process.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

/** Runs `use(page, folder)` in a browser of its own. */
export async function withBrowser(use) {
  const folder = mkdtempSync(join(tmpdir(), 'evolume-bench-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: FLAGS.split(' '),
    viewport: { width: 1600, height: 1000 },
    deviceScaleFactor: 1,
  });
  try {
    return await use(context.pages()[0] ?? (await context.newPage()), folder);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Megabytes resident in the largest renderer process of the browser that uses this folder (Linux). */
export function rendererMegabytes(folder) {
  let most = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) continue;
      if (!ancestorUses(pid, folder)) continue;
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      most = Math.max(most, Number(/^Rss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024);
    } catch (error) {
      // A process may end between the listing and the reading.
      if (!['ENOENT', 'ESRCH', 'EACCES'].includes(error.code)) throw error;
    }
  }
  return most;
}

function ancestorUses(pid, folder) {
  for (let at = pid, depth = 0; Number(at) > 1 && depth < 20; depth++) {
    if (readFileSync(`/proc/${at}/cmdline`, 'utf8').includes(folder)) return true;
    const stat = readFileSync(`/proc/${at}/stat`, 'utf8');
    at = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  }
  return false;
}
