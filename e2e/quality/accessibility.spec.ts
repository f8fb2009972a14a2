// Axe finds nothing in any view, light or dark; the text of the pages, the keys and the announcements are there.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { Reader } from '../support/reader.ts';
import { expect, MAIN, test } from '../support/test.ts';

/** What axe has to say, in short. */
async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`,
    ),
  );
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${theme}`, async ({ page, server }) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(server);
    await expect(page.locator('ev-case-list').getByRole('link').first()).toBeVisible();
    expect(await faults(page), 'list of cases').toEqual([]);
    await page.goto(`${server}/#/find?q=${encodeURIComponent('借款')}`);
    await expect(page.locator('ev-case-search').getByRole('listitem').first()).toBeVisible();
    expect(await faults(page), 'search of all cases').toEqual([]);

    const reader = await Reader.open(page, server, MAIN);
    for (const panel of ['卷内目录', '缩略图', '批注', '搜索']) {
      const button = page.locator('ev-reader .rail').getByRole('button', { name: panel });
      if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
      if (panel === '搜索') {
        await page.locator('ev-search').getByRole('searchbox').fill('借款');
        await expect(page.locator('ev-search').getByRole('option').first()).toBeVisible();
      }
      expect(await faults(page), panel).toEqual([]);
    }
    await reader.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await faults(page), 'sheet of keys').toEqual([]);
    await page.keyboard.press('Escape');

    await page.goto(`${server}/#/v/00000000000000000000000000000000`);
    await expect(reader.failure).toBeVisible();
    expect(await faults(page), 'failure').toEqual([]);
  });
}

test('a screen reader gets the lines of the pages in view, and hears where one is', async ({
  page,
  server,
}) => {
  const reader = await Reader.open(page, server, MAIN);
  await reader.goTo(5);
  await reader.sharp({ page: 5 });
  const pages = page.locator('ev-reader .pages');
  await expect(pages.getByRole('heading', { name: '第5页' })).toBeAttached();
  await expect(pages.getByRole('paragraph').filter({ hasText: '沈知衡' }).first()).toBeAttached();
  await expect(page.locator('ev-announcer').getByRole('status')).toHaveText(/^第5页 · /);
  // Far away those of before are gone.
  await reader.goTo(100);
  await reader.sharp({ page: 100 });
  await expect(pages.getByRole('heading', { name: '第100页' })).toBeAttached();
  await expect(pages.getByRole('heading', { name: '第5页', exact: true })).not.toBeAttached();
});

test('the sheet of keys opens by its key and its button, and gives the focus back', async ({
  page,
  server,
}) => {
  const reader = await Reader.open(page, server, MAIN);
  await reader.press('?');
  const sheet = page.getByRole('dialog', { name: '键盘快捷键' });
  await expect(sheet).toBeVisible();
  await expect(sheet.locator('dt').filter({ hasText: /^搜索本卷$/ })).toBeVisible();
  // A row for every key of the viewer, none without a name.
  for (const text of await sheet.locator('dt').allTextContents()) expect(text).not.toBe('');
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  // The pages have the keys again.
  await page.keyboard.press('End');
  await reader.until({ scroll: 1 });

  const button = page.getByRole('button', { name: '键盘快捷键' });
  await button.click();
  await expect(sheet).toBeVisible();
  await sheet.getByRole('button', { name: '关闭' }).click();
  await expect(button).toBeFocused();
});

test('all of the reader can be reached with Tab', async ({ page, server }) => {
  await Reader.open(page, server, MAIN);
  const seen = new Set<string>();
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press('Tab');
    seen.add(
      await page.evaluate(() => {
        let at: Element | null = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        return at?.getAttribute('aria-label') ?? at?.textContent.trim() ?? '';
      }),
    );
  }
  for (const name of [
    '返回案件列表',
    '卷内目录',
    '缩略图',
    '搜索',
    '批注',
    '缩小',
    '放大',
    '页码',
    '卷宗页面',
  ]) {
    expect(
      [...seen].some((label) => label.includes(name)),
      name,
    ).toBe(true);
  }
});
