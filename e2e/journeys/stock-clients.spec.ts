// Stock JavaScript clients in the same room: yjs with y-websocket, without a browser.
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Session } from '../../pkg/src/generated/index.ts';
import { Desk } from '../support/desk.ts';
import { cases, removeFolder, Server } from '../support/server.ts';
import { expect, MAIN, test } from '../support/test.ts';

type Stock = {
  doc: Y.Doc;
  marks: Y.Map<Y.Map<unknown>>;
  provider: WebsocketProvider;
  session: Session;
  /** Reasons with which the server ended connections. */
  closed: string[];
};

let own: Server;
let desk: Desk;
let stock: Stock;

test.beforeEach(async ({ browser, data }) => {
  own = await Server.startOnCopy(data);
  desk = await Desk.open(browser, own.url, '王法官');
  stock = await join(own.url, '周法官');
});

test.afterEach(async () => {
  stock.provider.destroy();
  await desk.close();
  await own.stop();
  removeFolder(own.data);
});

/** Enters the panel's room of the main volume as stock software does. */
async function join(server: string, name: string): Promise<Stock> {
  const answer = await fetch(`${server}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  class Socket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols, { headers: { cookie } });
    }
  }
  const volume = (await cases(server)).flatMap((c) => c.volumes).find((v) => v.title === MAIN);
  if (!volume) throw new Error('no main volume');
  const doc = new Y.Doc();
  const url = `${server.replace('http', 'ws')}/api/v1/volumes/${volume.id}/rooms`;
  const provider = new WebsocketProvider(url, 'panel', doc, {
    WebSocketPolyfill: Socket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
  const closed: string[] = [];
  provider.on('connection-close', (event) => closed.push(event?.reason ?? ''));
  await new Promise((resolve) => provider.once('sync', resolve));
  const session = (await answer.json()) as Session;
  return { doc, marks: doc.getMap('marks'), provider, session, closed };
}

/** A mark as any Yjs program writes it. */
function mark(author: Session, material: string): Y.Map<unknown> {
  return new Y.Map<unknown>(
    Object.entries({
      kind: 'highlight',
      material,
      page: 0,
      start: 0,
      end: 4,
      rects: [[72, 100, 200.5, 114]],
      quote: '外部程序',
      colour: 'blue',
      author: author.principal.id,
      authorName: author.principal.name,
      created: Date.now(),
      updated: Date.now(),
      note: new Y.Text('来自别的程序'),
    }),
  );
}

test('they see marks, make marks, and are seen', async () => {
  const quote = await desk.mark('合议庭');
  await expect.poll(() => stock.marks.size).toBe(1);
  const [first] = stock.marks.values();
  const place = await desk.cards.locator('.page').textContent();
  expect(first?.get('quote')).toBe(quote);
  expect(first?.get('authorName')).toBe('王法官');

  stock.marks.set('from-stock', mark(stock.session, String(first?.get('material'))));
  const card = desk.cards.filter({ hasText: '周法官' });
  await expect(card).toContainText('来自别的程序');
  const note = stock.marks.get('from-stock')?.get('note');
  if (!(note instanceof Y.Text)) throw new Error('no text');
  note.insert(0, '更正：');
  await expect(card).toContainText('更正：来自别的程序');
  stock.marks.delete('from-stock');
  await expect(card).toHaveCount(0);

  // They say what they like; the name is the server's.
  stock.provider.awareness.setLocalStateField('user', { name: '院长' });
  const page = { material: first?.get('material'), index: first?.get('page') };
  stock.provider.awareness.setLocalStateField('page', page);
  await expect(desk.people).toHaveText(`周法官在${place}`);
  const names = () =>
    [...stock.provider.awareness.getStates().values()].map(
      (state) => (state.user as { name?: string } | undefined)?.name,
    );
  await expect.poll(names).toContain('王法官');
  expect(stock.closed).toEqual([]);
});

test('what they forge is refused and told, and does not spread', async () => {
  await desk.mark('合议庭');
  await expect.poll(() => stock.marks.size).toBe(1);
  const [id] = stock.marks.keys();
  stock.marks.delete(id ?? '');
  await expect.poll(() => stock.closed).toContain('mark.foreign');
  stock.provider.destroy();
  await expect(desk.cards).toHaveCount(1);

  stock = await join(own.url, '周法官');
  const author = { ...stock.session, principal: { ...stock.session.principal, name: '王法官' } };
  stock.marks.set('forged', mark(author, 'x'));
  await expect.poll(() => stock.closed).toContain('mark.forged');
  stock.provider.destroy();

  stock = await join(own.url, '周法官');
  expect([...stock.marks.keys()]).toEqual([id]);
  await desk.mark('合议庭', '红色', 0.6);
  await expect.poll(() => stock.marks.size).toBe(2);
  await expect(desk.saving).toHaveText('已保存到服务器');
});
