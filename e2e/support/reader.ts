// The application as a reader uses it; waits are for conditions, never for time.
import { expect, type Locator, type Page } from '@playwright/test';
import type { Status } from '../../pkg/src/generated/index.ts';

type ReaderElement = HTMLElement & { opened: { status: Status | null } | null };

export class Reader {
  readonly page: Page;
  readonly pageBox: Locator;
  /** What the status line has to complain about. */
  readonly problem: Locator;
  /** What stands in place of the pages when there are none. */
  readonly failure: Locator;

  constructor(page: Page) {
    this.page = page;
    this.pageBox = page.locator('ev-tool-bar ev-page-box input');
    this.problem = page.locator('ev-status-line .problem');
    this.failure = page.locator('ev-failure [role=alert]');
  }

  /** From the list of cases to a volume's first page. */
  static async open(page: Page, server: string, title: string): Promise<Reader> {
    await page.goto(server);
    await page.locator('ev-case-list').getByRole('link').filter({ hasText: title }).first().click();
    const reader = new Reader(page);
    await reader.sharp();
    return reader;
  }

  /** The last status that the viewer told the application. */
  async status(): Promise<Status> {
    const status = await this.page.evaluate(
      () =>
        document.querySelector('ev-app')?.shadowRoot?.querySelector<ReaderElement>('ev-reader')
          ?.opened?.status,
    );
    if (!status) throw new Error('nothing is open');
    return status;
  }

  /** Waits until the status has these values; numbers may differ a little. */
  async until(wanted: Partial<Status>): Promise<void> {
    const matches = (wanted: Partial<Status>): boolean => {
      const reader = document
        .querySelector('ev-app')
        ?.shadowRoot?.querySelector<ReaderElement>('ev-reader');
      const status = reader?.opened?.status as Record<string, unknown> | null | undefined;
      return Object.entries(wanted).every(([key, value]) => {
        const now = status?.[key];
        return typeof value === 'number' && typeof now === 'number'
          ? Math.abs(now - value) < 0.02
          : now === value;
      });
    };
    try {
      await this.page.waitForFunction(matches, wanted, { timeout: 20_000 });
    } catch {
      expect(await this.status()).toMatchObject(wanted);
    }
    await this.painted();
  }

  /** Waits until every visible pixel is at full sharpness. */
  async sharp(wanted: Partial<Status> = {}): Promise<void> {
    await this.until({ ...wanted, readable: true, sharp: true, failed: 0 });
  }

  /** What has been decided is on the screen after the frame that follows. */
  async painted(): Promise<void> {
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }

  /** Types a page number. */
  async goTo(page: number): Promise<void> {
    await this.pageBox.fill(page.toString());
    await this.pageBox.press('Enter');
  }

  /** Chooses from the zoom menu. */
  async chooseZoom(item: string | RegExp): Promise<void> {
    await this.page.locator('ev-zoom-control button.value').click();
    await this.page.locator('ev-zoom-control wa-dropdown-item').filter({ hasText: item }).click();
  }

  /** Presses a key over the pages. */
  async press(key: string): Promise<void> {
    await this.page.locator('ev-reader .pages [role=document]').press(key);
  }

  /** Share of the canvas's pixels that are dark: letters, lines, pictures. */
  ink(): Promise<number> {
    return this.page.evaluate(() => {
      const { data } = window.canvasPixels();
      let dark = 0;
      for (let i = 0; i < data.length; i += 4) if ((data[i + 1] ?? 255) < 110) dark += 1;
      return dark / (data.length / 4);
    });
  }

  /** The colour around the pages, and whether there is pure white, as paper is. */
  colours(): Promise<{ desk: number[]; paper: boolean }> {
    return this.page.evaluate(() => {
      const { data } = window.canvasPixels();
      let paper = false;
      for (let i = 0; i < data.length && !paper; i += 4) {
        paper = data[i] === 255 && data[i + 1] === 255 && data[i + 2] === 255;
      }
      return { desk: [...data.slice(0, 3)], paper };
    });
  }
}

declare global {
  interface Window {
    canvasPixels: () => ImageData;
  }
}

/** Gives the page a way to its canvas, two shadow roots deep. */
export async function installHelpers(page: Pick<Page, 'addInitScript'>): Promise<void> {
  await page.addInitScript(() => {
    window.canvasPixels = () => {
      const reader = document.querySelector('ev-app')?.shadowRoot?.querySelector('ev-reader');
      const viewer = reader?.shadowRoot?.querySelector('.pages [role=document]');
      const canvas = viewer?.shadowRoot?.querySelector('canvas');
      const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
      if (!pixels) throw new Error('no canvas');
      return pixels;
    };
  });
}
