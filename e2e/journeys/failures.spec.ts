// What fails says so, with its code, and takes nothing readable away.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../pkg/src/generated/index.ts';
import { Reader } from '../support/reader.ts';
import { cases, removeFolder, Server } from '../support/server.ts';
import { expect, MAIN, test } from '../support/test.ts';

test('a volume that does not exist', async ({ page, server }) => {
  await page.goto(`${server}/#/v/${'0'.repeat(32)}`);
  const reader = new Reader(page);
  await expect(reader.failure).toContainText('not_found');
  await reader.failure.getByRole('link').click();
  await expect(page.locator('ev-case-list').getByRole('link').first()).toBeVisible();
});

test('the server goes away and comes back', async ({ page, data }) => {
  let own = await Server.startOnCopy(data);
  try {
    const reader = await Reader.open(page, own.url, MAIN);
    await own.stop();
    const before = await reader.ink();
    await reader.press('End');
    await expect(reader.problem).toContainText('server.gone');
    // What has been read stays readable.
    await reader.press('Home');
    await reader.sharp({ page: 1 });
    expect(await reader.ink()).toBeCloseTo(before, 3);
    own = await Server.start(own.data, own.port);
    await reader.press('End');
    await reader.sharp({ scroll: 1 });
    await expect(reader.problem).toHaveCount(0);
  } finally {
    await own.stop();
    removeFolder(own.data);
  }
});

test('a server that is gone from the start, and a retry', async ({ page, data }) => {
  let own = await Server.startOnCopy(data);
  try {
    await page.goto(own.url);
    const link = page.locator('ev-case-list').getByRole('link').filter({ hasText: MAIN }).first();
    await expect(link).toBeVisible();
    await own.stop();
    await link.click();
    const reader = new Reader(page);
    await expect(reader.failure).toContainText('server.gone');
    own = await Server.start(own.data, own.port);
    await reader.failure.getByRole('button').click();
    await reader.sharp({ page: 1 });
  } finally {
    await own.stop();
    removeFolder(own.data);
  }
});

test('a damaged part is told, and the other pages stay', async ({ page, data }) => {
  const own = await Server.startOnCopy(data);
  try {
    const volume = (await cases(own.url)).flatMap((c) => c.volumes).find((v) => v.title === MAIN);
    if (!volume) throw new Error('no main volume');
    const answer = await fetch(`${own.url}/api/v1/volumes/${volume.id}/manifest`);
    const victim = partFarFrom((await answer.json()) as Manifest, 20);
    damage(join(own.data, 'blobs'), victim.sha256);

    const reader = await Reader.open(page, own.url, MAIN);
    await reader.goTo(victim.page);
    await expect(reader.problem).toContainText('blob.corrupt');
    expect((await reader.status()).failed).toBeGreaterThan(0);
    await reader.goTo(1);
    await reader.sharp({ page: 1 });
    await expect(reader.problem).toHaveCount(0);
  } finally {
    await own.stop();
    removeFolder(own.data);
  }
});

/** A part that PDFium draws, far enough from page one not to be fetched with it. */
function partFarFrom(manifest: Manifest, distance: number): { page: number; sha256: string } {
  let before = 0;
  for (const material of manifest.materials) {
    for (const part of material.parts) {
      const page = before + part.first + 1;
      const drawn = !material.pages[part.first]?.image;
      if (drawn && page > distance) return { page, sha256: part.blob.sha256 };
    }
    before += material.pages.length;
  }
  throw new Error('no such part');
}

/** Flips one byte on the disk. */
function damage(blobs: string, sha256: string): void {
  const path = join(blobs, sha256.slice(0, 2), sha256.slice(2));
  const bytes = readFileSync(path);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
  writeFileSync(path, bytes);
}
