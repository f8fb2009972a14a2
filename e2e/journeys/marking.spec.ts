// Marks between two browsers: shared, private, offline, across a server that dies; and who is where.
import { Desk } from '../support/desk.ts';
import { removeFolder, Server } from '../support/server.ts';
import { expect, test } from '../support/test.ts';

let own: Server;
let wang: Desk;
let li: Desk;

test.beforeEach(async ({ browser, data }) => {
  own = await Server.startOnCopy(data);
  wang = await Desk.open(browser, own.url, '王法官');
  li = await Desk.open(browser, own.url, '李法官', 7);
});

test.afterEach(async () => {
  await wang.close();
  await li.close();
  await own.stop();
  removeFolder(own.data);
});

test('a mark made in one window is seen in the other, changed and taken back', async () => {
  const quote = await wang.mark('合议庭');
  await expect(wang.saving).toHaveText('已保存到服务器');
  const seen = li.cards.first();
  await expect(seen).toContainText('王法官');
  await expect(seen).toContainText('合议庭');
  await expect(seen).toContainText('第5页');
  await expect(seen).toContainText(quote);
  await wang.note('与流水不符');
  await expect(seen).toContainText('与流水不符');
  // It leads there, and is another's: there is nothing to change.
  await seen.getByRole('button').first().click();
  await li.reader.sharp({ page: 5 });
  await expect(li.page.getByLabel('批注内容')).toHaveCount(0);
  await expect(li.page.getByRole('button', { name: '删除' })).toHaveCount(0);

  await wang.page.getByRole('button', { name: '删除' }).click();
  await expect(li.cards).toHaveCount(0);
  await wang.reader.press('Control+z');
  await expect(li.cards).toContainText('与流水不符');
  await wang.reader.press('Control+z');
  await expect(li.cards).not.toContainText('与流水不符');
  await wang.reader.press('Control+z');
  await expect(li.cards).toHaveCount(0);
  await wang.reader.press('Control+Shift+z');
  await expect(li.cards).toHaveCount(1);
  await expect(wang.saving).toHaveText('已保存到服务器');
});

test('a mark is painted on the page, and a click on it chooses it', async () => {
  await wang.mark('合议庭', '绿色');
  const card = wang.cards.first();
  await expect(card.locator('[aria-current=true]')).toBeVisible();
  await wang.reader.press('Escape');
  const { x, y } = wang.place;
  await wang.page.mouse.click(x, y + 200);
  await expect(card.locator('[aria-current=true]')).toHaveCount(0);
  await wang.page.mouse.click(x, y);
  await expect(card.locator('[aria-current=true]')).toBeVisible();
});

test('a private mark never crosses the wire to the other', async () => {
  const quote = await wang.mark('仅自己');
  await wang.note('只给自己看');
  await expect(wang.saving).toHaveText('已保存到服务器');
  // Something shared comes after it, so that whatever was to come has come.
  await wang.mark('合议庭', '蓝色', 0.6);
  await expect(li.cards).toHaveCount(1);
  await expect(li.cards).toContainText('合议庭');
  const all = li.received.join('\n');
  expect(all).toContain('王法官');
  expect(all).not.toContain('只给自己看');
  expect(all).not.toContain(quote);
  // It is there for oneself after a reload.
  await wang.page.reload();
  await expect(wang.cards.filter({ hasText: '仅自己' })).toContainText('只给自己看');
});

test('the server is killed and comes back, and nothing is lost', async () => {
  // The text of the page is there before the server is not.
  await li.selectLine();
  await wang.mark('合议庭');
  await expect(wang.saving).toHaveText('已保存到服务器');
  await own.stop('SIGKILL');
  await expect(wang.saving).toHaveText('离线，批注已全部保存到服务器');
  await li.mark('合议庭', '红色');
  await expect(li.saving).toHaveText('离线，已保存在本机');
  own = await Server.start(own.data, own.port);
  for (const desk of [wang, li]) {
    await expect(desk.saving).toHaveText('已保存到服务器');
    await expect(desk.cards).toHaveCount(2);
  }
});

test('what both do offline is merged, and survives a closed tab', async () => {
  // The text of the pages they are on is there.
  await wang.selectLine();
  await li.selectLine();
  await wang.context.setOffline(true);
  await li.context.setOffline(true);
  await expect(wang.saving).toHaveText('离线，批注已全部保存到服务器');
  await expect(li.saving).toHaveText('离线，批注已全部保存到服务器');
  await wang.mark('合议庭');
  await wang.note('离线所写');
  await li.mark('合议庭', '绿色');
  await expect(wang.saving).toHaveText('离线，已保存在本机');
  await expect(wang.cards).toHaveCount(1);
  // The page goes, the marks stay: a new one finds them on the disk.
  await wang.context.setOffline(false);
  await own.stop('SIGKILL');
  await wang.page.close();
  own = await Server.start(own.data, own.port);
  await li.context.setOffline(false);
  const again = await wang.context.newPage();
  await again.goto(li.page.url());
  await expect(again.locator('ev-mark-card').filter({ hasText: '离线所写' })).toBeVisible();
  await expect(again.locator('ev-mark-card')).toHaveCount(2);
  await expect(li.cards).toHaveCount(2);
  await expect(li.cards.filter({ hasText: '离线所写' })).toContainText('王法官');
});

test('everybody sees who is here and where', async () => {
  await expect(wang.people).toHaveText('李法官在第7页');
  await expect(li.people).toHaveText('王法官在第5页');
  await wang.goTo(12);
  await expect(li.people).toHaveText('王法官在第12页');
  await li.people.getByRole('button').click();
  await li.reader.sharp({ page: 12 });
  await expect(wang.people).toHaveText('李法官在第12页');
  await li.page.goto('about:blank');
  await expect(wang.people).toHaveCount(0);
});

test('a line is marked and noted with the keyboard', async () => {
  await wang.selectLine();
  await wang.reader.press('n');
  // The cursor is in the note.
  await wang.page.keyboard.type('待核 hn');
  await wang.page.keyboard.press('Escape');
  await expect(wang.page.getByLabel('批注内容')).toHaveValue('待核 hn');
  await expect(wang.cards).toHaveCount(1);
  // The pages have the keys again.
  await wang.page.keyboard.press('PageDown');
  await expect.poll(async () => (await wang.reader.status()).offset).toBeGreaterThan(0);
  await wang.reader.press('Delete');
  await expect(wang.cards).toHaveCount(0);
  await wang.selectLine();
  await wang.reader.press('h');
  await expect(wang.cards).toHaveCount(1);
});

test('a name is asked for where it is needed, and can be given back', async ({ browser }) => {
  await wang.page.getByRole('button', { name: '更换姓名' }).click();
  await expect(wang.page.getByLabel('姓名')).toBeVisible();
  await expect(wang.saving).toHaveCount(0);
  await wang.showMarks();
  await wang.page.getByRole('button', { name: '批注', exact: true }).click();
  await wang.selectLine();
  const bar = wang.page.locator('ev-mark-bar');
  await bar.getByRole('button', { name: '标注', exact: true }).click();
  await bar.getByLabel('姓名').fill('\u202e');
  await bar.getByRole('button', { name: '开始批注' }).click();
  await expect(bar.getByRole('alert')).toContainText('1 至 40');
  await bar.getByLabel('姓名').fill('赵法官');
  await bar.getByRole('button', { name: '开始批注' }).click();
  await wang.bar.getByRole('button', { name: '黄色' }).click();
  await expect(wang.saving).toHaveText('已保存到服务器');
  // The same name is the same person: the mark is there.
  const again = await Desk.open(browser, own.url, '赵法官');
  await expect(again.cards).toContainText('赵法官');
  await again.close();
});

test('what the server refuses is told, and can be given up', async ({ browser }) => {
  await wang.mark('合议庭');
  await expect(li.cards).toHaveCount(1);
  // Behind the page's back its browser becomes somebody else; what it makes is not theirs to make.
  const zhao = await browser.newContext();
  await zhao.request.post(`${own.url}/api/v1/session`, { data: { name: '赵法官' } });
  await wang.context.addCookies(await zhao.cookies());
  await zhao.close();
  await wang.context.setOffline(true);
  await expect(wang.saving).toHaveText('离线，批注已全部保存到服务器');
  await wang.mark('合议庭', '红色', 0.6);
  await wang.context.setOffline(false);
  await expect(wang.saving).toHaveText('服务器未接受本机的批注');
  const alert = wang.page.locator('ev-mark-list [role=alert]');
  await expect(alert).toContainText('layer.replica');
  await expect(li.cards).toHaveCount(1);
  await alert.getByRole('button').click();
  await expect(wang.saving).toHaveText('已保存到服务器');
  await expect(wang.cards).toHaveCount(1);
  await expect(wang.page.locator('ev-mark-list footer')).toContainText('赵法官');
});
