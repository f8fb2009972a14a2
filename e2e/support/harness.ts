// The npm package alone in an empty page, as another program would use it, without the application.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import type { Manifest, Status } from '../../pkg/src/generated/index.ts';
import type { EvolumeViewer } from '../../pkg/src/index.ts';

const lib = resolve(import.meta.dirname, '../../pkg/dist/lib');

const TYPES: Record<string, string> = { js: 'text/javascript', wasm: 'application/wasm' };

const HTML = `<!doctype html><meta charset="utf-8">
<style>html,body,#host{margin:0;height:100%}</style><div id="host"></div>`;

type Opened = { viewer: EvolumeViewer; status: Status | null; problems: string[] };

declare global {
  interface Window {
    opened: Opened;
  }
}

/** A viewer that fills the page. */
export class Harness {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens a volume and waits until its first page is sharp. */
  static async open(
    page: Page,
    server: string,
    volume: string,
    options: { renderLimit?: number } = {},
  ): Promise<Harness> {
    await page.route('**/harness/**', async (route) => {
      const name = new URL(route.request().url()).pathname.slice('/harness/'.length);
      if (name === '') return route.fulfill({ body: HTML, contentType: 'text/html' });
      const contentType = TYPES[name.split('.').pop() ?? ''] ?? 'application/octet-stream';
      return route.fulfill({ body: readFileSync(join(lib, name)), contentType });
    });
    await page.goto(`${server}/harness/`);
    await page.evaluate(
      async ({ volume, options }) => {
        const module = '/harness/evolume.js';
        const { open } = (await import(module)) as typeof import('../../pkg/src/index.ts');
        const host = document.getElementById('host');
        if (!host) throw new Error('no host');
        const viewer = await open(host, { ...options, volume: `/api/v1/volumes/${volume}` });
        window.opened = { viewer, status: viewer.status, problems: [] };
        viewer.on('status', (status) => (window.opened.status = status));
        viewer.on('problem', ({ code, page }) =>
          window.opened.problems.push(`${code} ${String(page && viewer.numbering.number(page))}`),
        );
      },
      { volume, options },
    );
    const harness = new Harness(page);
    await harness.sharp();
    return harness;
  }

  manifest(): Promise<Manifest> {
    return this.page.evaluate(() => window.opened.viewer.whole());
  }

  status(): Promise<Status | null> {
    return this.page.evaluate(() => window.opened.status);
  }

  /** Waits until every visible pixel is at full sharpness, and painted. */
  async sharp(): Promise<void> {
    await this.page.waitForFunction(() => window.opened.status?.sharp);
    await this.frames();
  }

  /** What was asked for is on the screen after the frame that follows it. */
  async frames(): Promise<void> {
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }

  /** Goes to a page at a zoom and waits until it is sharp. */
  async show(page: number, zoom: number): Promise<void> {
    await this.page.evaluate(
      ({ page, zoom }) => window.opened.viewer.moveTo({ page, zoom, offset: 0 }),
      { page, zoom },
    );
    await this.frames();
    await this.sharp();
  }

  /** The colour in the middle of the canvas's width, so many pixels below the current page's upper edge. */
  colourAt(below: number): Promise<number[]> {
    return this.page.evaluate((below) => {
      const canvas = document.querySelector('#host > div')?.shadowRoot?.querySelector('canvas');
      const context = canvas?.getContext('2d');
      if (!canvas || !context) throw new Error('no canvas');
      const { width, height } = canvas;
      const { data } = context.getImageData(0, 0, width, height);
      const at = (y: number): number[] => {
        const start = (y * width + (width >> 1)) * 4;
        return [...data.slice(start, start + 3)];
      };
      // The corner is desk, or a page that fills the window.
      const corner = data.slice(0, 3).join();
      let top = 0;
      while (top < height - 1 - below && at(top).join() === corner) top += 1;
      return at(top + below);
    }, below);
  }

  /** The canvas's own pixels as a PNG. */
  async pixels(): Promise<Buffer> {
    const url = await this.page.evaluate(() =>
      document
        .querySelector('#host > div')
        ?.shadowRoot?.querySelector('canvas')
        ?.toDataURL('image/png'),
    );
    if (!url) throw new Error('no canvas');
    return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
  }
}
