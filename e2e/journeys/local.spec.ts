// A file of the reader's own: read, searched and copied in the browser, and nothing of it is sent.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page, Request } from '@playwright/test';
import type { EvolumeViewer } from '../../pkg/src/index.ts';
import { pdf } from '../support/pdf.ts';
import { Reader } from '../support/reader.ts';
import { corpus } from '../support/server.ts';
import { expect, test } from '../support/test.ts';

declare global {
  interface Window {
    evolume: EvolumeViewer;
  }
}

const COMPLAINT = join(corpus, '正卷/04 民事起诉状.pdf');
const LOCKED = resolve(import.meta.dirname, '../../server/tests/fixtures/locked.pdf');

/** Lets a file fall onto the window, as from a folder beside it. */
async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page.evaluate(
    ([name, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (ch) => ch.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], name, { type: 'application/pdf' }));
      const options = { dataTransfer, bubbles: true, cancelable: true };
      document.body.dispatchEvent(new DragEvent('dragover', options));
      document.body.dispatchEvent(new DragEvent('drop', options));
    },
    [name, bytes.toString('base64')] as const,
  );
}

/** Three pages whose titles in the outline are in GBK, in UTF-8 and by the rules; none says which. */
function titled(): Buffer {
  const titles = ['c6f0cbdfd7b4', Buffer.from('证据目录').toString('hex'), 'feff7b548fa972b6'];
  const items = titles.map((title, at) => {
    const next = at < 2 ? `/Next ${11 + at} 0 R` : '';
    const prev = at > 0 ? `/Prev ${9 + at} 0 R` : '';
    return `<</Title<${title}>/Parent 9 0 R/Dest[${3 + 2 * at} 0 R/Fit]${next}${prev}>>`;
  });
  return pdf(
    titles.map(() => ({ size: [300, 400], content: '0 0 50 50 re f' })),
    ['<</Type/Outlines/First 10 0 R/Last 12 0 R/Count 3>>', ...items],
    '/Outlines 9 0 R',
  );
}

async function choose(page: Page, ...files: string[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.locator('ev-case-list').getByRole('button', { name: '打开本机文件' }).click();
  await (await chooser).setFiles(files);
}

test('a dropped PDF is read, searched and copied, and nothing is uploaded', async ({
  page,
  context,
  server,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(server);
  await expect(page.locator('ev-case-list').getByRole('link').first()).toBeVisible();
  const requests: Request[] = [];
  context.on('request', (request) => requests.push(request));

  await drop(page, '起诉状.pdf', readFileSync(COMPLAINT));
  const reader = new Reader(page);
  await reader.sharp({ page: 1 });
  expect(await reader.ink()).toBeGreaterThan(0.001);
  await expect(page.locator('ev-status-line')).toContainText('本机文件，未上传');
  await expect(page.locator('ev-reader h1')).toHaveText('起诉状');

  await page.keyboard.press('Control+f');
  const panel = page.locator('ev-search');
  await panel.getByRole('searchbox').fill('诉讼请求');
  await expect(panel.locator('.total')).toHaveText(/共 \d+ 页 \d+ 处/);
  await panel.getByRole('option').first().click();
  await reader.sharp();

  // The page's text is there too: three clicks on a line, somewhere in the middle.
  const box = await page.locator('ev-reader .pages canvas').boundingBox();
  if (!box) throw new Error('no canvas');
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await expect(async () => {
    await page.mouse.click(middle.x, middle.y, { clickCount: 3 });
    expect(await page.evaluate(() => window.evolume.selection?.quote.length ?? 0)).toBeGreaterThan(
      3,
    );
  }).toPass();
  await page.keyboard.press('Control+c');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied.length).toBeGreaterThan(3);
  expect(copied).not.toMatch(/\p{Script=Han} \p{Script=Han}/u);

  await page.getByRole('button', { name: '缩略图' }).click();
  await expect(page.locator('ev-thumbnails .sheet').first()).toHaveCSS(
    'background-image',
    /url\("blob:/,
  );
  await page.getByRole('button', { name: '批注' }).click();
  await expect(page.locator('ev-mark-list')).toContainText('本机文件不支持批注');

  for (const request of requests) {
    expect(request.method(), request.url()).toBe('GET');
    expect(request.postData(), request.url()).toBeNull();
    expect(request.url()).toMatch(/^blob:|\/assets\/|\/icon\.svg$/);
    expect(request.url()).not.toContain(encodeURIComponent('诉'));
  }
});

test('a locked file asks for its password; after a reload it is chosen again', async ({
  page,
  server,
}) => {
  await page.goto(server);
  await choose(page, LOCKED);
  const dialog = page.locator('ev-local-dialog dialog');
  await dialog.getByLabel('密码').fill('no');
  await dialog.getByRole('button', { name: '打开' }).click();
  await expect(dialog).toContainText('密码不正确');
  await dialog.getByLabel('密码').fill('open');
  await page.keyboard.press('Enter');
  const reader = new Reader(page);
  await reader.sharp({ page: 1 });
  expect(await reader.ink()).toBeGreaterThan(0);

  await page.reload();
  await expect(reader.failure).toContainText('请重新选择本机文件');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: '选择文件' }).click();
  await (await chooser).setFiles(LOCKED);
  await dialog.getByLabel('密码').fill('open');
  await page.keyboard.press('Enter');
  await reader.sharp({ page: 1 });
});

test('what is no PDF, or a damaged one, is refused with its code', async ({ page, server }) => {
  await page.goto(server);
  await expect(page.locator('ev-case-list').getByRole('link').first()).toBeVisible();
  const dialog = page.locator('ev-local-dialog dialog');
  const whole = readFileSync(COMPLAINT);
  for (const [bytes, code] of [
    [Buffer.from('PK\u0003\u0004 not a PDF'), 'file.unsupported'],
    [Buffer.alloc(0), 'file.empty'],
    [Buffer.from('%PDF-1.7\nnothing of one'), 'pdf.damaged'],
    [Buffer.concat([whole.subarray(0, 600), Buffer.alloc(600)]), 'pdf.damaged'],
  ] as const) {
    await drop(page, 'x.pdf', bytes);
    await expect(dialog.locator('code')).toHaveText(code);
    await dialog.getByRole('button', { name: '关闭' }).click();
    await expect(dialog).toHaveCount(0);
  }
  await expect(page.locator('ev-case-list')).toBeVisible();
});

test('titles of an outline in other bytes are read as a server reads them', async ({
  page,
  server,
}) => {
  await page.goto(server);
  await expect(page.locator('ev-case-list').getByRole('link').first()).toBeVisible();
  await drop(page, 'titled.pdf', titled());
  await new Reader(page).sharp({ page: 1 });
  await page.locator('ev-catalogue [role=tree]').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  for (const title of ['起诉状', '证据目录', '答辩状'])
    await expect(page.locator('ev-catalogue .row').filter({ hasText: title })).toHaveCount(1);
});
