// Signing in and out, what each role sees and is offered, and what happens to whoever is signed out or leaves a case.
import AxeBuilder from '@axe-core/playwright';
import type { BrowserContext, Locator, Page } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { Reader } from '../support/reader.ts';
import { cases, evolume, removeFolder, Server } from '../support/server.ts';
import { signInAs } from '../support/sign-in.ts';
import { expect, MAIN, test } from '../support/test.ts';

const PASSWORD = '窗外的雨下了一夜';
const OTHER = '今天的月亮很圆啊';
const WIDTHS = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };
const shots = resolve(import.meta.dirname, '../../target/e2e/people');

const volumes = (page: Page): Locator => page.locator('ev-case-list li a .name');
const me = (page: Page): Locator => page.locator('ev-who-menu').getByRole('button').first();

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

/** Axe finds nothing, wide and narrow; a picture of each is kept to be looked at. */
async function look(page: Page, name: string): Promise<void> {
  for (const [width, size] of Object.entries(WIDTHS)) {
    await page.setViewportSize(size);
    expect(await faults(page), `${name}, ${width}`).toEqual([]);
    await page.screenshot({ path: join(shots, `${name}-${width}.png`) });
  }
  await page.setViewportSize(WIDTHS.wide);
}

/** Does something on the command line. */
function command(data: string, line: string[], input = ''): void {
  const options = { encoding: 'utf8', input } as const;
  const { status, stderr } = spawnSync(evolume, [...line, '--data', data], options);
  expect(status, stderr).toBe(0);
}

async function choose(page: Page, item: string): Promise<void> {
  await me(page).click();
  await page.locator('ev-who-menu wa-dropdown-item').filter({ hasText: item }).click();
}

/** Types login and password on the page that is there. */
async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel('登录名').fill(login);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
}

/** A window of somebody of this role, at the list of cases. */
async function enter(
  context: BrowserContext,
  server: string,
  role: Parameters<typeof signInAs>[2],
) {
  await signInAs(context, server, role);
  const page = await context.newPage();
  await page.goto(server);
  await expect(page.locator('ev-case-list main')).toHaveAttribute('aria-busy', 'false');
  return page;
}

for (const language of ['zh', 'en'] as const) {
  test(`the way in is clear and axe finds nothing, ${language}`, async ({ page, server }) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme: language === 'zh' ? 'light' : 'dark' });
    await page.goto(server);
    const chinese = language === 'zh';
    if (!chinese) await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: chinese ? '登录' : 'Sign in' }).click();
    const login = page.getByLabel(chinese ? '登录名' : 'Login');
    await expect(login).toBeFocused();
    await expect(page.locator('ev-sample-users').getByRole('button')).toHaveCount(15);
    await look(page, `sign-in-${language}`);

    // What is typed can be looked at.
    const password = page.getByLabel(chinese ? '密码' : 'Password', { exact: true });
    await login.fill('nobody');
    await password.fill('not this');
    await page.getByRole('button', { name: chinese ? '显示密码' : 'Show password' }).click();
    await expect(password).toHaveAttribute('type', 'text');
    await password.press('Enter');
    const alert = page.locator('ev-sign-in-form').getByRole('alert');
    await expect(alert).toContainText('identity.wrong');
    await expect(password).toBeFocused();
    await look(page, `sign-in-wrong-${language}`);

    await page.getByRole('button', { name: chinese ? '首次登录' : 'First time' }).click();
    await page.getByLabel(chinese ? '一次性验证码' : 'One-time code').fill('ABCDE');
    await page.getByLabel(chinese ? '新密码' : 'New password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await expect(alert).toContainText('identity.code');
    await look(page, `sign-in-code-${language}`);
  });
}

test('after too many failures it is said when to come back', async ({ page, data }) => {
  const own = await Server.startOnCopy(data);
  try {
    await page.goto(own.url);
    await page.getByRole('button', { name: '登录' }).click();
    const alert = page.locator('ev-sign-in-form').getByRole('alert');
    await expect(async () => {
      await signIn(page, 'sample-clerk', 'wrong again');
      await expect(alert).toContainText('identity.locked', { timeout: 1_000 });
    }).toPass({ timeout: 40_000 });
    await expect(alert).toContainText(/请在 \d\d:\d\d:\d\d 之后重试/);
    await look(page, 'sign-in-locked');
    // And then it is open again, without another look at the page.
    await expect(
      page.locator('ev-sign-in-form').getByRole('button', { name: '登录', exact: true }),
    ).toBeEnabled();
  } finally {
    await own.stop();
    removeFolder(own.data);
  }
});

test('an administrator adds somebody, who signs in by the code and is where they wanted to be', async ({
  browser,
  data,
}) => {
  test.setTimeout(180_000);
  const own = await Server.startOnCopy(data);
  try {
    const court = await browser.newContext();
    const admin = await enter(court, own.url, 'administrator');
    await expect(volumes(admin)).toHaveCount(0);
    await choose(admin, '用户管理');
    await expect(admin.locator('ev-users-page li')).toHaveCount(15);
    await look(admin, 'users');
    await admin.getByRole('button', { name: '新用户' }).click();
    await admin.getByLabel('姓名', { exact: true }).fill('王丽');
    await admin.getByLabel('登录名', { exact: true }).fill('sample-clerk');
    await admin.keyboard.press('Enter');
    await expect(admin.getByRole('alert')).toContainText('login.taken');
    await admin.getByLabel('登录名', { exact: true }).fill('wang.li');
    await admin.keyboard.press('Enter');
    const code = await admin.locator('ev-code-dialog output').textContent();
    expect(code).toMatch(/^\w{5}(-\w{5}){3}$/);
    await look(admin, 'code');
    await admin.locator('ev-code-dialog').getByRole('button', { name: '关闭' }).click();
    await expect(admin.locator('ev-users-page li')).toHaveCount(16);

    const desk = await browser.newContext();
    const page = await desk.newPage();
    const [one] = await cases(own.url);
    const members = `${own.url}/#/case/${one?.id ?? ''}/members`;
    const clerk = await enter(await browser.newContext(), own.url, 'clerk');
    await clerk.goto(members);
    await expect(clerk.locator('ev-members-page li')).toHaveCount(13);
    await look(clerk, 'members');
    await clerk.getByRole('button', { name: '新成员' }).click();
    await clerk.getByLabel('登录名', { exact: true }).fill('nobody');
    await clerk.keyboard.press('Enter');
    await expect(clerk.getByRole('alert')).toContainText('user.unknown');
    await clerk.getByLabel('登录名', { exact: true }).fill('WANG.LI');
    await clerk.getByLabel('身份').selectOption({ label: '律师' });
    await clerk.getByLabel('代理的当事人').fill('沈知衡');
    await clerk.getByLabel(/含当日/).fill('2099-12-31');
    await look(clerk, 'member-form');
    await clerk.getByRole('button', { name: '添加' }).click();
    const row = clerk.locator('ev-members-page li').filter({ hasText: 'wang.li' });
    await expect(row).toContainText('沈知衡');
    await expect(row).toContainText('2099年12月31日');

    await page.goto(`${own.url}/#/find?q=${encodeURIComponent('借款')}`);
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByRole('button', { name: '首次登录' }).click();
    await page.getByLabel('登录名').fill('wang.li');
    await page.getByLabel('一次性验证码').fill(code ?? '');
    await page.getByLabel('新密码').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await expect(page.locator('ev-case-search').getByRole('listitem').first()).toBeVisible();
    await expect(me(page)).toHaveAccessibleName('当前用户：王丽');
    await page.goto(`${own.url}/#/`);
    await expect(volumes(page).filter({ hasText: '副卷' })).toHaveCount(0);
    await expect(volumes(page).filter({ hasText: MAIN }).first()).toBeVisible();
    await expect(page.locator('ev-case-list .role').first()).toHaveText('律师');
    await look(page, 'lawyer-cases');

    // Out of the case: the list is empty for them.
    await row.getByRole('button', { name: /移除/ }).click();
    await row.getByRole('button', { name: '确认移除' }).click();
    await expect(row).toHaveCount(0);
    await page.reload();
    await expect(page.getByRole('heading', { name: '还没有案件' })).toBeVisible();

    // And out of the house.
    const line = admin.locator('ev-users-page li').filter({ hasText: 'wang.li' });
    await line.getByRole('button', { name: '停用 王丽' }).click();
    await expect(line).toContainText('已停用');
    const refused = await desk.request.post(`${own.url}/api/v1/session`, {
      data: { login: 'wang.li', password: PASSWORD },
    });
    expect(refused.status()).toBe(401);
  } finally {
    await own.stop();
    removeFolder(own.data);
  }
});

test('each role sees its volumes, and is offered what it may do', async ({ browser, server }) => {
  test.setTimeout(180_000);
  const all = (await cases(server)).flatMap((one) => one.volumes);
  const internal = all.filter((volume) => volume.class === 'internal').length;
  expect(internal).toBeGreaterThan(0);
  for (const [role, seen, names] of [
    ['presiding_judge', all.length, true],
    ['clerk', all.length, true],
    ['committee', all.length, false],
    ['lawyer', all.length - internal, false],
    ['supervisor', 0, false],
    ['administrator', 0, false],
  ] as const) {
    const context = await browser.newContext();
    const page = await enter(context, server, role);
    await expect(volumes(page), role).toHaveCount(seen);
    await expect(page.getByRole('link', { name: /^案件成员/ }), role).toHaveCount(names ? 1 : 0);
    await context.close();
  }
  // The committee prints the main volume, and nothing of the internal one.
  const context = await browser.newContext();
  const page = await enter(context, server, 'committee');
  const print = page.locator('ev-reader .rail').getByRole('button', { name: '打印' });
  await Reader.open(page, server, MAIN);
  await expect(print).toBeVisible();
  const reader = await Reader.open(page, server, '副卷');
  await expect(page.locator('ev-status-line .saving')).toHaveText('已保存到服务器');
  await expect(print).toHaveCount(0);
  await reader.press('Control+p');
  await expect(page.locator('ev-print')).toHaveCount(0);
  await context.close();
});

test('signing out everywhere ends a second window, where one signs in again and goes on', async ({
  browser,
  data,
}) => {
  test.setTimeout(180_000);
  const own = await Server.startOnCopy(data);
  try {
    const [number] = (await cases(own.url)).map((one) => one.number);
    command(
      own.data,
      ['user', 'add', '--login', 'zhao', '--name', '赵法官', '--password-stdin'],
      PASSWORD,
    );
    command(own.data, [
      'case',
      'member',
      'add',
      '--case',
      number ?? '',
      '--login',
      'zhao',
      '--role',
      'rapporteur',
    ]);
    const open = async (): Promise<Page> => {
      const page = await (await browser.newContext()).newPage();
      await page.goto(own.url);
      await page.getByRole('button', { name: '登录' }).click();
      await signIn(page, 'zhao', PASSWORD);
      await expect(me(page)).toHaveAccessibleName('当前用户：赵法官');
      return page;
    };
    const [here, there] = [await open(), await open()];
    const reader = await Reader.open(there, own.url, MAIN);
    await expect(there.locator('ev-status-line .saving')).toHaveText('已保存到服务器');
    await me(there).click();
    await expect(there.locator('ev-who-menu .about')).toContainText('本案：承办法官');
    await there.screenshot({ path: join(shots, 'menu.png') });
    await there.keyboard.press('Escape');

    await choose(here, '密码与登录设备');
    await expect(here.locator('ev-account-page li')).toHaveCount(2);
    await look(here, 'account');
    await here.getByRole('button', { name: '在所有设备上退出' }).click();
    await expect(here.locator('ev-case-list')).toBeVisible();
    await expect(me(here)).toHaveText('登录');

    const told = there.locator('ev-signed-out').getByRole('alert');
    await expect(told).toBeVisible();
    expect((await reader.status()).page).toBe(1);
    // What is marked now stays in this browser, and is sent by whoever marked it.
    await there.getByRole('button', { name: '批注', exact: true }).click();
    await there.mouse.click(793, 440, { clickCount: 3 });
    await expect(there.locator('ev-mark-bar').getByRole('combobox')).toBeVisible();
    await reader.press('h');
    await expect(there.locator('ev-mark-card')).toHaveCount(1);
    await expect(there.locator('ev-status-line .saving')).toHaveText('登录已失效，批注保存在本机');
    await there.screenshot({ path: join(shots, 'signed-out.png') });
    await told.getByRole('button', { name: '登录' }).click();
    const dialog = there.getByRole('dialog', { name: '登录' });
    await expect(dialog).toContainText('继续以赵法官的身份阅读');
    await look(there, 'sign-in-dialog');
    await signIn(there, 'zhao', PASSWORD);
    await expect(dialog).toHaveCount(0);
    await expect(told).toHaveCount(0);
    await expect(there.locator('ev-status-line .saving')).toHaveText('已保存到服务器');
    // Meanwhile the narrow screen has closed the panel.
    await there.getByRole('button', { name: '批注', exact: true }).click();
    await expect(there.locator('ev-mark-card')).toHaveCount(1);
    await expect(there.locator('ev-mark-card')).toContainText('赵法官');

    // Another password signs out every other device.
    await choose(there, '密码与登录设备');
    await there.getByLabel('当前密码').fill('wrong');
    await there.getByLabel('新密码').fill(OTHER);
    await there.keyboard.press('Enter');
    await expect(there.getByRole('alert')).toContainText('当前密码不正确');
    await there.getByLabel('当前密码').fill(PASSWORD);
    await there.getByLabel('新密码').fill(OTHER);
    await there.keyboard.press('Enter');
    await expect(there.getByText('密码已修改')).toBeVisible();
  } finally {
    await own.stop();
    removeFolder(own.data);
  }
});

test('a judge who leaves the case while reading is out within a second', async ({
  browser,
  data,
}) => {
  const own = await Server.startOnCopy(data);
  try {
    const context = await browser.newContext();
    const page = await enter(context, own.url, 'panel_judge');
    const reader = await Reader.open(page, own.url, MAIN);
    await expect(page.locator('ev-status-line .saving')).toHaveText('已保存到服务器');
    const [one] = await cases(own.url);
    const member = ['--case', one?.number ?? '', '--login', 'sample-panel_judge'];
    command(own.data, ['case', 'member', 'remove', ...member]);
    await expect(reader.failure).toContainText('您没有阅读权限', { timeout: 3_000 });
    await look(page, 'judge-left');
    const answer = await context.request.get(`${own.url}/api/v1/cases`);
    expect(await answer.json()).toEqual([]);
    await context.close();
  } finally {
    await own.stop();
    removeFolder(own.data);
  }
});
