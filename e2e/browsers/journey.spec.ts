// One reader's way through the sample in Firefox and WebKit: open, turn, zoom, select, copy, search, mark, close, return.
import { existsSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Status } from '../../pkg/src/generated/index.ts';
import { removeFolder, Server } from '../support/server.ts';
import { MAIN, needs } from '../support/test.ts';
import type { Browser, Driver, Point } from './driver.ts';
import { firefox } from './firefox.ts';
import { webkit } from './webkit.ts';

const PAGE = 5;

/** The first value that is not null. */
async function until<T>(value: () => Promise<T | null>, what: string): Promise<T> {
  const found: T[] = [];
  const ask = async (): Promise<number> => {
    const now = await value();
    if (now !== null) found.push(now);
    return found.length;
  };
  await expect.poll(ask, what).toBeGreaterThan(0);
  const [first] = found;
  if (first === undefined) throw new Error(`no ${what}`);
  return first;
}

class Reader {
  readonly driver: Driver;

  constructor(driver: Driver) {
    this.driver = driver;
  }

  /** The value of an expression in which `all` finds elements by selectors that reach through shadow roots. */
  evaluate<T>(expression: string): Promise<T> {
    return this.driver.evaluate<T>(`(() => {
      const every = (from) => [...from.querySelectorAll('*')].flatMap((element) =>
        element.shadowRoot ? [element, ...every(element.shadowRoot)] : [element]);
      const above = (element) => element.parentElement ?? element.getRootNode().host ?? null;
      const fits = (element, path) => {
        const left = [...path];
        if (!element.matches(left.pop())) return false;
        for (let up = above(element); up && left.length > 0; up = above(up))
          if (up.matches(left.at(-1))) left.pop();
        return left.length === 0;
      };
      const all = (selectors) => {
        const paths = selectors.split(',').map((one) => one.trim().split(/\\s+/));
        return every(document).filter((element) => paths.some((path) => fits(element, path)));
      };
      const said = (node) => [...(node.shadowRoot ?? node).childNodes].map((child) =>
        child.nodeType === Node.TEXT_NODE ? child.data : child.localName && child.localName !== 'style' ? said(child) : '').join('');
      const text = (element) => (element ? said(element) : '').replace(/\\s+/g, ' ').trim();
      return (${expression});
    })()`);
  }

  /** The middle of the first element that is shown and says this. */
  async middle(selector: string, says = ''): Promise<Point> {
    const find = `(() => {
      for (const element of all(${JSON.stringify(selector)})) {
        const { x, y, width, height } = element.getBoundingClientRect();
        const said = text(element) + ' ' + (element.getAttribute('aria-label') ?? '');
        if (width > 0 && height > 0 && said.includes(${JSON.stringify(says)}))
          return { x: x + width / 2, y: y + height / 2 };
      }
      return null;
    })()`;
    return until(() => this.evaluate<Point | null>(find), `${selector} ${says}`);
  }

  async click(selector: string, says = ''): Promise<void> {
    await this.driver.click(await this.middle(selector, says));
  }

  /** Waits until the status has these values and all that is seen is sharp. */
  async sharp(wanted: Partial<Status>): Promise<void> {
    await expect
      .poll(() =>
        this.evaluate<Partial<Status> | null>(`all('ev-reader')[0]?.opened?.status ?? null`),
      )
      .toMatchObject({ ...wanted, readable: true, sharp: true, failed: 0 });
  }

  says(selector: string): Promise<string> {
    return this.evaluate<string>(`text(all(${JSON.stringify(selector)})[0])`);
  }

  /** Dark pixels of the pages: there is something to read. */
  ink(): Promise<number> {
    return this.evaluate<number>(`(() => {
      const canvas = all('ev-reader .pages canvas')[0];
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let dark = 0;
      for (let at = 1; at < data.length; at += 4) if (data[at] < 110) dark += 1;
      return dark;
    })()`);
  }

  async open(server: string): Promise<void> {
    await this.driver.go(server);
    await this.click('ev-case-list a', MAIN);
  }

  async goTo(page: number): Promise<void> {
    await this.driver.click(await this.middle('ev-page-box input'), 3);
    await this.driver.type(String(page));
    await this.driver.press('Enter');
    await this.sharp({ page });
  }

  /** Selects the line in the middle of the pages; its text. */
  async selectLine(): Promise<string> {
    const middle = await this.middle('ev-reader .pages canvas');
    // The page's text may still be on its way.
    return until(async () => {
      await this.driver.click(middle, 3);
      return this.evaluate<string | null>('window.evolume.selection?.quote ?? null');
    }, 'a selected line');
  }
}

async function journey(reader: Reader, server: string, clipboard: boolean): Promise<void> {
  const { driver } = reader;
  await reader.open(server);
  await reader.sharp({ page: 1 });
  expect(await reader.ink()).toBeGreaterThan(100);

  await reader.goTo(PAGE);
  const { zoom } = await reader.evaluate<Status>(`all('ev-reader')[0].opened.status`);
  await reader.click('ev-zoom-control button', '放大');
  await expect
    .poll(() => reader.evaluate<number>(`all('ev-reader')[0].opened.status.zoom`))
    .toBeGreaterThan(zoom);
  await reader.sharp({ page: PAGE });
  expect(await reader.ink()).toBeGreaterThan(100);

  // What is copied from the page, or selected there, is looked for, so it must be found.
  const quote = await reader.selectLine();
  expect(quote.length).toBeGreaterThan(3);
  if (clipboard) await driver.press('Control+c');
  await driver.press('Control+f');
  await reader.middle('ev-search input');
  if (clipboard) await driver.press('Control+v');
  const field = () =>
    reader.evaluate<string>(`all('ev-search input')[0].value.replace(/\\s/g, '')`);
  await expect.poll(field).toBe(quote.replace(/\s/g, ''));
  await expect.poll(() => reader.says('ev-search .total')).toMatch(/[1-9]\d* 处/);
  await driver.press('Enter');
  await reader.sharp({ page: PAGE });

  await reader.click('button', '批注');
  await reader.click('input[name=name], ev-mark-list input');
  await driver.type('wang');
  await reader.click('button', '开始批注');
  await expect.poll(() => reader.says('ev-status-line .saving')).toBe('已保存到服务器');
  const marked = await reader.selectLine();
  await reader.click('ev-mark-bar [role=toolbar] button', '黄色');
  await expect.poll(() => reader.says('ev-mark-card')).toContain(marked);
  await expect.poll(() => reader.says('ev-status-line .saving')).toBe('已保存到服务器');

  await driver.go('about:blank');
  await reader.open(server);
  await reader.sharp({ page: PAGE });
  await expect.poll(() => reader.says('ev-mark-card')).toContain(marked);
}

for (const { name, program, packages, clipboard, launch } of [
  firefox,
  webkit,
] satisfies Browser[]) {
  test(`a reader's way in ${name}`, async () => {
    needs(existsSync(program), packages);
    const server = await Server.startOnCopy(process.env.EVOLUME_E2E_DATA ?? '');
    const driver = await launch();
    try {
      await journey(new Reader(driver), server.url, clipboard);
    } finally {
      await driver.close();
      await server.stop();
      removeFolder(server.data);
    }
  });
}
