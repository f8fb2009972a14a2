// A reader who marks: one browser context with a name, and all that came to it over the wire.
import {
  type Browser,
  type BrowserContext,
  expect,
  type Locator,
  type Page,
} from '@playwright/test';
import type { EvolumeViewer } from '../../pkg/src/index.ts';
import { installHelpers, Reader } from './reader.ts';
import { MAIN } from './test.ts';

declare global {
  interface Window {
    evolume: EvolumeViewer;
  }
}

export class Desk {
  readonly context: BrowserContext;
  readonly reader: Reader;
  /** All bytes of all WebSocket frames received, as text. */
  readonly received: string[] = [];
  readonly uncaught: string[] = [];
  /** The middle of what was selected last, in the window. */
  place = { x: 0, y: 0 };

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.reader = new Reader(page);
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => this.received.push(payload.toString()));
    });
    page.on('pageerror', (error) => this.uncaught.push(error.message));
  }

  /** Opens the main volume of the sample at a page, under a name. */
  static async open(browser: Browser, server: string, name: string, at = 5): Promise<Desk> {
    const context = await browser.newContext();
    const page = await context.newPage();
    await installHelpers(page);
    const desk = new Desk(context, page);
    await Reader.open(page, server, MAIN);
    await desk.showMarks();
    await page.getByLabel('姓名').fill(name);
    await page.getByRole('button', { name: '开始批注' }).click();
    await expect(desk.saving).toHaveText('已保存到服务器');
    await desk.goTo(at);
    return desk;
  }

  get page(): Page {
    return this.reader.page;
  }

  /** What the status line says about where the marks are. */
  get saving(): Locator {
    return this.page.locator('ev-status-line .saving');
  }

  get people(): Locator {
    return this.page.locator('ev-status-line .people');
  }

  get cards(): Locator {
    return this.page.locator('ev-mark-card');
  }

  get bar(): Locator {
    return this.page.locator('ev-mark-bar [role=toolbar]');
  }

  async showMarks(): Promise<void> {
    const button = this.page.getByRole('button', { name: '批注', exact: true });
    if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
  }

  async goTo(page: number): Promise<void> {
    await this.reader.goTo(page);
    await this.reader.sharp({ page });
  }

  /** Selects the line of text at a height of the view; its text. */
  async selectLine(part = 0.5): Promise<string> {
    const box = await this.page.locator('ev-reader .pages canvas').boundingBox();
    if (!box) throw new Error('no canvas');
    const [x, y] = [box.x + box.width / 2, box.y + box.height * part];
    // The page's text may still be on its way.
    await expect(async () => {
      await this.page.mouse.click(x, y, { clickCount: 3 });
      expect(await this.page.evaluate(() => window.evolume.selection)).not.toBeNull();
    }).toPass();
    const selection = await this.page.evaluate(() => window.evolume.selection);
    const [left, top, width, height] = selection?.view ?? [0, 0, 0, 0];
    this.place = { x: box.x + left + width / 2, y: box.y + top + height / 2 };
    return selection?.quote ?? '';
  }

  /** Marks the line at a height of the view; its text. */
  async mark(layer: '仅自己' | '合议庭', colour = '黄色', part = 0.5): Promise<string> {
    const quote = await this.selectLine(part);
    await this.bar.getByRole('combobox').selectOption({ label: layer });
    const before = await this.cards.count();
    await this.bar.getByRole('button', { name: colour }).click();
    await expect(this.cards).toHaveCount(before + 1);
    return quote;
  }

  /** Writes the note of the chosen mark. */
  async note(text: string): Promise<void> {
    const field = this.page.getByLabel('批注内容');
    await field.fill(text);
    await field.blur();
  }

  async close(): Promise<void> {
    await this.context.close();
    if (this.uncaught.length > 0) throw new Error(`uncaught: ${this.uncaught.join('\n')}`);
  }
}
