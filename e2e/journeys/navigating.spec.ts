// Outlines, labels, links and citations, and the way back.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Excerpt } from '../../pkg/src/generated/index.ts';
import { pdf } from '../support/chinese-pdf.ts';
import { Reader } from '../support/reader.ts';
import { ingest, removeFolder, Server, temporaryFolder } from '../support/server.ts';
import { expect, test } from '../support/test.ts';

const NUMBER = '（2024）京0105民初1号';

/** A case with two volumes: 正卷 with citations and a PDF with outline, labels and links, and 证据卷二. */
let own: Server;

test.beforeAll(async () => {
  const data = temporaryFolder();
  const files = join(data, 'files');
  mkdirSync(files, { recursive: true });
  const file = (name: string, bytes: Buffer): string => {
    writeFileSync(join(files, name), bytes);
    return join(files, name);
  };
  const lines = [
    { text: '经查正卷第9页属实', x: 100, y: 100 },
    { text: '详见证据卷（二）第3页', x: 100, y: 200 },
    { text: '《代理词》第2页', x: 100, y: 300 },
    { text: '见证据卷七第3页', x: 100, y: 400 },
  ];
  const links = [
    { rect: [100, 500, 300, 530] as [number, number, number, number], page: 5 },
    {
      rect: [100, 600, 300, 630] as [number, number, number, number],
      uri: 'https://www.court.gov.cn/',
    },
  ];
  const outline = Array.from({ length: 6 }, (_, at) => ({ title: `第${at + 1}节`, page: at }));
  const blank = (count: number) => Array.from({ length: count }, () => ({}));
  ingest(data, NUMBER, '正卷', 'main', [
    file('01 判决书.pdf', pdf([{ lines, links }, ...blank(5)], outline, '0<</S/r>>3<</S/D>>')),
    file('02 代理词.pdf', pdf(blank(4))),
  ]);
  const twin = pdf([{ lines: [{ text: '证据', x: 50, y: 50 }] }, ...blank(4)]);
  ingest(data, NUMBER, '证据卷二', 'evidence', [file('合同.pdf', twin)]);
  own = await Server.start(data);
});

test.afterAll(async () => {
  await own.stop();
  removeFolder(own.data);
});

/** Clicks on a place of the first page, in points. */
async function clickAt(page: Page, x: number, y: number): Promise<void> {
  const at = await page.evaluate(
    ([x, y]) => {
      const { canvas, status } = window.evolume;
      const scale = ((status?.zoom ?? 100) / 100) * (96 / 72);
      const box = canvas.getBoundingClientRect();
      // The page is in the middle, its upper edge one gap below the canvas's.
      return [
        box.left + box.width / 2 + ((x ?? 0) - 595 / 2) * scale,
        box.top + 9 * scale + (y ?? 0) * scale,
      ];
    },
    [x, y],
  );
  await page.mouse.move(at[0] ?? 0, at[1] ?? 0);
  // Texts and links come when all is at rest.
  await expect
    .poll(async () => {
      await page.mouse.move((at[0] ?? 0) + 1, at[1] ?? 0);
      return page.evaluate(() => window.evolume.canvas.style.cursor);
    })
    .toBe('pointer');
  await page.mouse.click(at[0] ?? 0, at[1] ?? 0);
}

async function open(page: Page): Promise<Reader> {
  const reader = await Reader.open(page, own.url, '正卷');
  await reader.chooseZoom(/^\s*75%/);
  await reader.press('Home');
  await reader.sharp({ page: 1, zoom: 75, scroll: 0 });
  return reader;
}

test('a citation is followed, and back and forward lead there and here', async ({ page }) => {
  const reader = await open(page);
  const back = page.getByRole('button', { name: '返回上一处' });
  const forward = page.getByRole('button', { name: '前往下一处' });
  await expect(back).toBeDisabled();
  // By key it is said where it leads.
  await reader.press('l');
  await expect(page.getByRole('status').filter({ hasText: '链接，通往第9页' })).toBeAttached();
  await clickAt(page, 150, 95);
  await reader.sharp({ page: 9 });
  await expect.poll(() => page.url()).toContain('page=9');
  await back.click();
  await reader.sharp({ page: 1 });
  await expect.poll(() => page.url()).toContain('page=1&');
  await expect(back).toBeDisabled();
  await forward.click();
  await reader.sharp({ page: 9 });
  await expect(forward).toBeDisabled();
  await page.keyboard.press('Alt+ArrowLeft');
  await reader.sharp({ page: 1 });
  await page.keyboard.press('Alt+ArrowRight');
  await reader.sharp({ page: 9 });
  // Four places: a new way from the third cuts the way forward off.
  await reader.goTo(3);
  await reader.sharp({ page: 3 });
  await expect(forward).toBeDisabled();
  await page.goBack();
  await reader.sharp({ page: 9 });
  await page.reload();
  await reader.sharp({ page: 9 });
  await expect(back).toBeEnabled();
  await expect(forward).toBeEnabled();
});

test('a citation of a title, and one of another volume and back', async ({ page }) => {
  const reader = await open(page);
  await clickAt(page, 160, 295);
  await reader.sharp({ page: 8 });
  await page.getByRole('button', { name: '返回上一处' }).click();
  await reader.sharp({ page: 1 });
  await clickAt(page, 200, 195);
  await reader.sharp({ page: 3, pages: 5 });
  await expect(page.locator('ev-reader header')).toContainText('证据卷二');
  await page.getByRole('button', { name: '返回上一处' }).click();
  await reader.sharp({ page: 1, pages: 10 });
});

test('a cited volume that is not there is said to be missing', async ({ page }) => {
  const reader = await open(page);
  await clickAt(page, 160, 395);
  await expect(page.locator('ev-link-bar [role=status]')).toContainText('证据卷七');
  await page.locator('ev-link-bar').getByRole('button', { name: '关闭' }).click();
  await expect(page.locator('ev-link-bar')).toHaveCount(0);
  expect((await reader.status()).page).toBe(1);
});

test('links of a PDF: inside at once, outside only when confirmed', async ({ page }) => {
  const reader = await open(page);
  await clickAt(page, 200, 515);
  await reader.sharp({ page: 6 });
  await page.keyboard.press('Alt+ArrowLeft');
  await reader.sharp({ page: 1 });
  await clickAt(page, 200, 615);
  const link = page.locator('ev-link-bar').getByRole('link', { name: '打开' });
  await expect(link).toBeFocused();
  await expect(link).toHaveAttribute('href', 'https://www.court.gov.cn/');
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer');
  await expect(link).toHaveAttribute('target', '_blank');
  expect(page.context().pages()).toHaveLength(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('ev-link-bar')).toHaveCount(0);
});

test('the outline comes when its material is opened', async ({ page }) => {
  const reader = await open(page);
  const rows = page.locator('ev-catalogue .row');
  await expect(rows.filter({ hasText: '第4节' })).toHaveCount(0);
  await page.locator('ev-catalogue [role=tree]').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(rows.filter({ hasText: '第4节' })).toHaveCount(1);
  await rows.filter({ hasText: '第4节' }).click();
  await reader.sharp({ page: 4 });
  await expect(rows.filter({ hasText: '第4节' })).toHaveAttribute('aria-current', 'page');
});

test('an outline that does not come says so, and comes at the next try', async ({ page }) => {
  const guides: string[] = [];
  await page.route('**/excerpt', async (route) => {
    const response = await route.fetch();
    const { manifest } = (await response.json()) as Excerpt;
    for (const { guide } of manifest.materials) if (guide) guides.push(guide.blob.sha256);
    await route.fulfill({ response });
  });
  let broken = true;
  await page.route('**/blobs/*', async (route) => {
    const asked = guides.some((sha256) => route.request().url().endsWith(sha256));
    if (asked && broken) await route.abort();
    else await route.continue();
  });
  await open(page);
  const row = page.locator('ev-catalogue .row').filter({ hasText: '判决书' });
  await row.locator('.twisty').click();
  await expect(row).toContainText('目录未能载入');
  broken = false;
  await row.locator('.twisty').click();
  await expect(page.locator('ev-catalogue .row').filter({ hasText: '第6节' })).toHaveCount(1);
  await expect(row).not.toContainText('目录未能载入');
});

test('labels as printed are shown, and lead to their page', async ({ page }) => {
  const reader = await open(page);
  const label = page.locator('ev-page-box .label');
  await expect(label).toHaveText('i');
  await expect(page.locator('ev-status-line .place')).toContainText('原页码 i');
  await reader.pageBox.fill('III');
  await reader.pageBox.press('Enter');
  await reader.sharp({ page: 3 });
  await expect(label).toHaveText('iii');
  await reader.goTo(5);
  await reader.sharp({ page: 5 });
  await expect(label).toHaveText('2');
  await reader.pageBox.fill('xc');
  await reader.pageBox.press('Enter');
  await expect(page.locator('ev-page-box [role=alert]')).not.toBeEmpty();
});
