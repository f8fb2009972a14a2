// Pages on paper: each on a sheet of its own size, one drawn after the other.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Desk } from '../support/desk.ts';
import { pdf } from '../support/pdf.ts';
import { Reader } from '../support/reader.ts';
import { expect, MAIN, test } from '../support/test.ts';

declare global {
  interface Window {
    printed: number;
  }
}

/** The sheets stay when the browser would print them; Chromium without a screen prints nothing by itself. */
async function holdPaper(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.printed = 0;
    window.print = () => (window.printed += 1);
  });
}

async function print(page: Page, times = 1): Promise<[number, number][]> {
  await page.locator('ev-print').getByRole('button', { name: '打印' }).click();
  await page.waitForFunction((times) => window.printed === times, times);
  const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  // What is on the screen is taken off when the paper is out.
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await expect(page.locator('body > .print')).toHaveCount(0);
  const boxes = paper.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g);
  return Array.from(boxes, ([, width, height]): [number, number] => [
    Math.round(Number(width)),
    Math.round(Number(height)),
  ]);
}

test('a page, a range and a material are printed; what cannot be is said', async ({
  page,
  server,
}) => {
  await holdPaper(page);
  const reader = await Reader.open(page, server, MAIN);
  await reader.goTo(5);
  await reader.sharp({ page: 5 });
  await page.keyboard.press('Control+p');
  const panel = page.locator('ev-print');
  await expect(panel.getByRole('radio', { name: /当前页/ })).toBeFocused();
  expect(await print(page)).toEqual([[595, 842]]);

  const range = panel.getByRole('textbox', { name: '页码范围' });
  for (const [text, code] of [
    ['', '页码不对'],
    ['5-3', '页码不对'],
    ['0', '页码不对'],
    ['1-999999', '页码不对'],
  ] as const) {
    await range.fill(text);
    await panel.getByRole('button', { name: '打印' }).click();
    await expect(panel.getByRole('alert')).toContainText(code);
  }
  await range.fill('4-5，2');
  expect(await print(page, 2)).toHaveLength(3);

  await panel.getByRole('radio', { name: /当前材料/ }).check();
  const material = await page.evaluate(() => {
    const { manifest, status } = window.evolume;
    return manifest?.materials[status?.material ?? 0]?.pages.length;
  });
  expect(await print(page, 3)).toHaveLength(material ?? 0);

  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(page.locator('ev-reader .pages [role=document]')).toBeFocused();
});

test('sheets are of the pages own sizes and lie as the pages do; it can be given up', async ({
  page,
  server,
}) => {
  await holdPaper(page);
  const folder = mkdtempSync(join(tmpdir(), 'evolume-print-'));
  const black = (width: number, height: number): string => `0 g 0 0 ${width} ${height / 2} re f`;
  const sizes: [number, number][] = [
    [595, 842],
    [842, 595],
    [300, 400],
  ];
  const pages = sizes.map((size, at) => ({
    size,
    content: black(...size),
    extra: at === 2 ? '/Rotate 90' : '',
  }));
  const many = Array.from({ length: 110 }, () => pages).flat();
  try {
    writeFileSync(join(folder, 'sizes.pdf'), pdf(many, []));
    await page.goto(server);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: '打开本机文件' }).click();
    await (await chooser).setFiles(join(folder, 'sizes.pdf'));
    await new Reader(page).sharp();

    await page.keyboard.press('Control+p');
    const panel = page.locator('ev-print');
    const range = panel.getByRole('textbox', { name: '页码范围' });
    await range.fill('1-3');
    expect(await print(page)).toEqual([
      [595, 842],
      [842, 595],
      [400, 300],
    ]);

    await panel.getByRole('radio', { name: /全卷/ }).check();
    await panel.getByRole('button', { name: '打印' }).click();
    await expect(panel.getByRole('alert')).toContainText('一次最多打印 300 页');

    await range.fill('1-300');
    await panel.getByRole('button', { name: '打印' }).click();
    await expect(panel.getByRole('status')).toContainText('/300');
    await panel.getByRole('button', { name: '取消' }).click();
    await expect(panel.getByRole('button', { name: '打印' })).toBeVisible();
    expect(await page.evaluate(() => window.printed)).toBe(1);
    await expect(page.locator('body > .print')).toHaveCount(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Pixels on the one sheet in which blue is far below red and green, as under a yellow mark. */
async function yellow(page: Page, times: number): Promise<number> {
  await page.locator('ev-print').getByRole('button', { name: '打印' }).click();
  await page.waitForFunction((times) => window.printed === times, times);
  const count = await page.evaluate(() => {
    const image = document.querySelector<HTMLImageElement>('body > .print img');
    if (!image) throw new Error('no sheet');
    const { naturalWidth: width, naturalHeight: height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context?.drawImage(image, 0, 0);
    const data = context?.getImageData(0, 0, width, height).data ?? [];
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [red = 0, green = 0, blue = 0] = [data[i], data[i + 1], data[i + 2]];
      if (red > 200 && green > 180 && blue < 200) count += 1;
    }
    return count;
  });
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  return count;
}

test('marks are printed, or left out', async ({ browser, server }) => {
  const desk = await Desk.open(browser, server, '打印甲', 5);
  const { page } = desk;
  await page.evaluate(() => {
    window.printed = 0;
    window.print = () => (window.printed += 1);
  });
  await desk.mark('仅自己');
  await page.keyboard.press('Control+p');
  const marks = page.locator('ev-print').getByRole('checkbox', { name: /批注/ });
  await marks.setChecked(true);
  expect(await yellow(page, 1)).toBeGreaterThan(2000);
  await marks.setChecked(false);
  expect(await yellow(page, 2)).toBe(0);
  await desk.close();
});
