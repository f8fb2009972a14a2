// Debian's Firefox, by WebDriver BiDi.
import puppeteer, { type KeyInput } from 'puppeteer-core';
import type { Browser, Driver, Point } from './driver.ts';

const PROGRAM = '/usr/bin/firefox-esr';

export const firefox: Browser = {
  name: 'Firefox',
  program: PROGRAM,
  packages: 'firefox-esr',
  clipboard: true,
  launch,
};

async function launch(): Promise<Driver> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: PROGRAM,
    headless: true,
    defaultViewport: { width: 1280, height: 900 },
    extraPrefsFirefox: { 'intl.accept_languages': 'zh-CN' },
  });
  const page = await browser.newPage();
  return {
    async go(url: string) {
      await page.goto(url);
    },
    evaluate: async <T>(expression: string) => (await page.evaluate(expression)) as T,
    click: ({ x, y }: Point, count = 1) => page.mouse.click(x, y, { count }),
    async press(keys: string) {
      const names = keys.split('+') as KeyInput[];
      for (const name of names) await page.keyboard.down(name);
      for (const name of names.reverse()) await page.keyboard.up(name);
    },
    type: (text: string) => page.keyboard.type(text),
    close: () => browser.close(),
  };
}
