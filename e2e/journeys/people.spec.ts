// Signing in and out, what a role sees, and a role that ends while its holder reads.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { cases, evolume, Server, removeFolder } from '../support/server.ts';
import { signInAs } from '../support/sign-in.ts';
import { expect, MAIN, test } from '../support/test.ts';

const volumes = (page: Page) => page.locator('ev-case-list li a .name');

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

for (const theme of ['light', 'dark'] as const) {
  test(`the way in is clear and axe finds nothing, ${theme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(server);
    await page.getByRole('button', { name: '登录' }).click();
    const login = page.getByLabel('登录名');
    await expect(login).toBeFocused();
    await expect(page.getByRole('heading', { name: '示例用户' })).toBeVisible();
    expect(await faults(page)).toEqual([]);
    await page.screenshot({ path: `../target/e2e/sign-in-${theme}.png` });

    await login.fill('nobody');
    await page.getByLabel('密码').fill('这不是密码');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('登录名或密码不正确');
    expect(await faults(page)).toEqual([]);
    await page.screenshot({ path: `../target/e2e/sign-in-wrong-${theme}.png` });

    await page.getByRole('button', { name: '一次性验证码' }).click();
    await page.getByLabel('一次性验证码').fill('ABCDE');
    await page.getByLabel('新密码').fill('窗外的雨下了一夜');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('验证码不正确或已失效');
    await page.getByRole('button', { name: 'English' }).click();
    await expect(page.getByRole('alert')).toContainText('The code is wrong');
    expect(await faults(page)).toEqual([]);
    await page.screenshot({ path: `../target/e2e/sign-in-code-${theme}.png` });
  });
}

test('a lawyer sees no internal volume, and the way out leads to the way in', async ({
  page,
  server,
}) => {
  await page.goto(`${server}/#/sign-in`);
  await page.getByRole('button', { name: '律师 苏颖' }).click();
  await expect(volumes(page).filter({ hasText: MAIN }).first()).toBeVisible();
  await expect(volumes(page).filter({ hasText: '副卷' })).toHaveCount(0);
  await expect(page.locator('ev-account')).toContainText('律师 苏颖');
  await page.screenshot({ path: '../target/e2e/lawyer-cases.png' });
  await page.getByRole('button', { name: '退出登录' }).click();
  await expect(page.getByLabel('登录名')).toBeVisible();
});

test('each role sees its volumes', async ({ browser, server }) => {
  const everything = await cases(server);
  const all = everything.flatMap((one) => one.volumes);
  const internal = all.filter((volume) => volume.class === 'internal').length;
  expect(internal).toBeGreaterThan(0);
  for (const [role, seen] of [
    ['presiding_judge', all.length],
    ['clerk', all.length],
    ['committee', all.length],
    ['lawyer', all.length - internal],
    ['supervisor', 0],
    ['administrator', 0],
  ] as const) {
    const context = await browser.newContext();
    await signInAs(context, server, role);
    const page = await context.newPage();
    await page.goto(server);
    await expect(page.locator('ev-case-list main')).toHaveAttribute('aria-busy', 'false');
    await expect(volumes(page), role).toHaveCount(seen);
    await context.close();
  }
});

test('a judge who leaves the case while reading is out within a second', async ({
  browser,
  data,
}) => {
  const server = await Server.startOnCopy(data);
  try {
    const context = await browser.newContext();
    await signInAs(context, server.url, 'panel_judge');
    const page = await context.newPage();
    await page.goto(server.url);
    await volumes(page).filter({ hasText: MAIN }).first().click();
    await expect(page.locator('ev-status-line .saving')).toHaveText('已保存到服务器');
    const [one] = await cases(server.url);
    const number = one?.number ?? '';
    const remove = ['case', 'member', 'remove', '--case', number, '--login', 'sample-panel_judge'];
    const { status, stderr } = spawnSync(evolume, [...remove, '--data', server.data], {
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    const told = page.locator('ev-reader').getByRole('alert');
    await expect(told).toContainText('您没有阅读权限', { timeout: 1_000 });
    await expect(page.locator('ev-reader canvas')).toHaveCount(0);
    await page.screenshot({ path: '../target/e2e/judge-left.png' });
    const volume = await context.request.get(`${server.url}/api/v1/cases`);
    expect(await volume.json()).toEqual([]);
    await context.close();
  } finally {
    await server.stop();
    removeFolder(server.data);
  }
});
