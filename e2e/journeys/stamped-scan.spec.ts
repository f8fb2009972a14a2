// A scan on which a filing system has put a line of text: the picture is read as well, while somebody has it open.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { EvolumeViewer } from '../../pkg/src/index.ts';
import { pdf, stream } from '../support/pdf.ts';
import { Reader } from '../support/reader.ts';
import { ingestFile, readScans, removeFolder, Server, temporaryFolder } from '../support/server.ts';
import { expect, test } from '../support/test.ts';

declare global {
  interface Window {
    evolume: EvolumeViewer;
  }
}

const A4: [number, number] = [595, 842];
/** Pixels of the scan: A4 at 150 dpi. */
const SCAN = { width: 1240, height: 1754 };
const STAMP = 'Case 42 Filed 08-31-22';
const LINE = '被告至今没有归还最后一笔借款';

/** A page as a scanner gives it, with the stamp as its only text. */
async function stampedScan(page: Page, path: string): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize(SCAN);
  await page.setContent(
    `<body style="margin: 500px 140px; font: 40px/2.2 'Noto Sans CJK SC'; background: #fff">
       <p>原告与被告签订借款合同，约定二〇二三年六月归还。</p><p>${LINE}。</p></body>`,
  );
  const jpeg = await page.screenshot({ type: 'jpeg', quality: 85 });
  if (before) await page.setViewportSize(before);
  const image = stream(
    `/Type/XObject/Subtype/Image/Width ${SCAN.width}/Height ${SCAN.height}/ColorSpace/DeviceRGB` +
      '/BitsPerComponent 8/Filter/DCTDecode',
    jpeg.toString('latin1'),
  );
  const content =
    `q ${A4[0]} 0 0 ${A4[1]} 0 0 cm /Im Do Q ` + `BT /F 9 Tf 1 0 0 1 150 825 Tm (${STAMP}) Tj ET`;
  const extra = '/Resources<</XObject<</Im 5 0 R>>/Font<</F 6 0 R>>>>';
  const font = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>';
  writeFileSync(path, pdf([{ size: A4, content, extra }], [image, font]));
}

/** Where the chosen hit is painted on the page, in shares of its height. */
function current(page: Page): Promise<number | null> {
  return page.evaluate(() => {
    const { data, width, height } = window.canvasPixels();
    const rows = new Set<number>();
    for (let at = 0; at < data.length; at += 4) {
      const colour = `${data[at]} ${data[at + 1]} ${data[at + 2]}`;
      if (colour === '255 186 92') rows.add(Math.floor(at / 4 / width));
    }
    if (rows.size === 0) return null;
    return (Math.min(...rows) + Math.max(...rows)) / 2 / height;
  });
}

test('a stamped scan is read while it is open: its text is found, highlighted and selected in its place', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const data = temporaryFolder();
  const file = join(data, '判决书.pdf');
  await stampedScan(page, file);
  ingestFile(data, '正卷', file);
  const own = await Server.start(data);
  try {
    const reader = await Reader.open(page, own.url, '正卷');
    await reader.press('p');
    await reader.sharp({ fit: 'page' });
    const origin = page.locator('ev-status-line .text');
    await expect(origin).toHaveText('其余文字尚未识别');
    await page.keyboard.press('Control+f');
    const panel = page.locator('ev-search');
    const field = panel.getByRole('searchbox');
    const total = panel.locator('.total');
    await field.fill('filed 08-31-22');
    await expect(total).toHaveText('共 1 页 1 处');
    await field.fill('最后一笔借款');
    await expect(panel.locator('.empty')).toContainText('没有找到');

    readScans(data);
    const update = panel.getByRole('button', { name: '更新结果' });
    await expect(update).toBeVisible({ timeout: 30_000 });
    await update.click();
    await expect(total).toHaveText('共 1 页 1 处');
    await expect(origin).toHaveText('文字出自 PDF，其余由识别而得');
    await panel.getByRole('option').first().click();
    await reader.sharp({ fit: 'page' });

    // The whole page is in view: the line stands where the picture has it, a good third down.
    await expect.poll(() => current(page)).not.toBeNull();
    const box = await page.locator('ev-reader .pages canvas').boundingBox();
    const where = (await current(page)) ?? 0;
    expect(where).toBeGreaterThan(0.3);
    expect(where).toBeLessThan(0.5);
    if (!box) throw new Error('no canvas');
    await page.mouse.click(box.x + box.width / 2, box.y + where * box.height, { clickCount: 3 });
    await page.waitForFunction(
      (line) => window.evolume.selection?.quote.replace(/\s/g, '').includes(line),
      LINE,
    );

    // The stamp is there once, where it always was.
    await field.fill('filed 08-31-22');
    await expect(total).toHaveText('共 1 页 1 处');
  } finally {
    await own.stop();
    removeFolder(data);
  }
});
