// Materials that are no PDF: recordings that are played in place, documents that were converted.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ingest, removeFolder, Server, temporaryFolder } from '../support/server.ts';
import { Reader } from '../support/reader.ts';
import { expect, needs, test } from '../support/test.ts';

const VOLUME = '视听卷';
const LIBREOFFICE = '/usr/lib/libreoffice/share/registry/writer.xcd';

/** Twelve seconds of sound, ever louder; 16 bits at 8 kHz. */
function wav(): Buffer {
  const count = 12 * 8000;
  const file = Buffer.alloc(44 + 2 * count);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + 2 * count, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(8000, 24);
  file.writeUInt32LE(16_000, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(2 * count, 40);
  for (let at = 0; at < count; at += 1) {
    const loud = (at / count) * 20_000 * Math.abs(Math.sin(at / 5000));
    file.writeInt16LE(Math.round(loud * Math.sin(at / 3)), 44 + 2 * at);
  }
  return file;
}

const SRT = [
  '1\n00:00:00,000 --> 00:00:03,000\n审判长：现在开庭，核对当事人身份。',
  '2\n00:00:03,000 --> 00:00:06,000\n原告：张明，没有异议。',
  '3\n00:00:06,000 --> 00:00:12,000\n被告：对借款金额有异议，利息已经付清。',
].join('\n\n');

let server: Server;
let folder: string;

test.beforeAll(() => {
  folder = temporaryFolder();
});

test.beforeAll(async () => {
  const file = (name: string, bytes: Buffer | string): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const files = [
    file('01 庭审录音.wav', wav()),
    file('01 庭审录音.srt', SRT),
    file('02 电话录音.amr', '#!AMR\n\x3c\x11\x17\x16'),
  ];
  if (existsSync(LIBREOFFICE)) files.push(file('03 说明.txt', '情况说明\n借款已经收到。\n'));
  const data = join(folder, 'data');
  ingest(data, '（2024）京0105民初7号', VOLUME, 'main', files);
  server = await Server.start(data);
});

test.afterAll(async () => {
  await server.stop();
  removeFolder(folder);
});

test('a recording is played in place, and its transcript follows', async ({ page }) => {
  const partial = page.waitForResponse(
    (response) => response.url().endsWith('/original') && response.status() === 206,
  );
  const reader = await Reader.open(page, server.url, VOLUME);
  const player = page.locator('ev-player');
  await expect(player.getByRole('button', { name: '庭审录音' })).toBeVisible();
  await partial;
  await expect(player.locator('.time')).toHaveText('0:00 / 0:12');
  await expect(player.locator('ev-timeline path').first()).toHaveAttribute('d', /^M0 /);
  const lines = player.locator('ev-transcript button');
  await expect(lines).toHaveCount(3);

  await player.getByRole('button', { name: '播放', exact: true }).click();
  await expect(player.getByRole('button', { name: '暂停' })).toBeVisible();
  await expect(lines.nth(0)).toHaveAttribute('aria-current', 'true');
  await lines.nth(2).click();
  await expect(lines.nth(2)).toHaveAttribute('aria-current', 'true');
  await player.getByLabel('播放速度').selectOption('0.5');
  const audio = player.locator('audio');
  expect(await audio.evaluate((media: HTMLMediaElement) => media.playbackRate)).toBe(0.5);

  // It goes on while one reads elsewhere, and the keys reach it from there.
  await reader.goTo(2);
  await expect(player.getByRole('button', { name: '庭审录音' })).toBeVisible();
  await page.evaluate(() => window.evolume.focus());
  await page.keyboard.press('k');
  await expect(player.getByRole('button', { name: '播放', exact: true })).toBeVisible();
  const before = await audio.evaluate((media: HTMLMediaElement) => media.currentTime);
  await page.keyboard.press('j');
  const after = await audio.evaluate((media: HTMLMediaElement) => media.currentTime);
  expect(before - after).toBeCloseTo(5, 1);

  // What is said is found like any other text, and shown where it is said.
  await page.keyboard.press('Control+f');
  await page.locator('ev-search').getByRole('searchbox').fill('没有异议');
  await expect(page.locator('ev-search .total')).toHaveText('共 1 页 1 处');
  await page.keyboard.press('Enter');
  await expect(lines.nth(1)).toHaveClass(/found/);

  await player.getByRole('button', { name: '关闭播放器' }).click();
  await expect(player).toHaveCount(0);
});

test('a recording that the browser cannot play says so, and can be fetched', async ({ page }) => {
  const reader = await Reader.open(page, server.url, VOLUME);
  await reader.goTo(2);
  const trouble = page.locator('ev-player').getByRole('alert');
  await expect(trouble).toContainText('recording.unsupported');
  const download = page.waitForEvent('download');
  await trouble.getByRole('link', { name: '下载原件' }).click();
  expect((await download).suggestedFilename()).toBe('02 电话录音.amr');
});

test('a converted document names its origin', async ({ page }) => {
  needs(existsSync(LIBREOFFICE), 'libreoffice-writer-nogui');
  const reader = await Reader.open(page, server.url, VOLUME);
  await reader.goTo(3);
  await reader.sharp({ page: 3 });
  const line = page.locator('ev-status-line .source');
  await expect(line).toContainText('由 文本 文件转换');
  const download = page.waitForEvent('download');
  await line.getByRole('link').click();
  expect((await download).suggestedFilename()).toBe('03 说明.txt');
});
