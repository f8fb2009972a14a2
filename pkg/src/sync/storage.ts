// A layer's updates in IndexedDB: what was made offline outlives the tab.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

const NAME = 'evolume';
/** From so many updates on they are put together into one. */
const COMPACT_FROM = 100;

type Row = {
  room: string;
  bytes: Uint8Array;
  /** Made here, and not known to be on the server. */
  mine: boolean;
};

interface Schema extends DBSchema {
  updates: { key: number; value: Row; indexes: { room: string } };
}

let opening: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
  opening ??= openDB<Schema>(NAME, 1, {
    upgrade(db) {
      db.createObjectStore('updates', { autoIncrement: true }).createIndex('room', 'room');
    },
    // Another tab wants a newer structure: it need not wait for this one.
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      opening = undefined;
    },
    terminated() {
      opening = undefined;
    },
  }).catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

/** Whether this browser has something of a person's that is not known to be on the server, in whatever layer. */
export async function hasUnsent(principal: string): Promise<boolean> {
  const db = await database();
  // What a room is called ends with whose it is.
  const end = ` ${principal}`;
  let cursor = await db.transaction('updates').store.openCursor();
  while (cursor) {
    if (cursor.value.mine && cursor.value.room.endsWith(end)) return true;
    cursor = await cursor.continue();
  }
  return false;
}

export class LayerStorage {
  readonly #room: string;
  /** Keys of what is not known to be on the server. */
  readonly #unsaved = new Set<number>();

  constructor(room: string) {
    this.#room = room;
  }

  /** All updates in the order of their storing. */
  async load(merge: (updates: Uint8Array[]) => Uint8Array): Promise<Uint8Array[]> {
    const db = await database();
    const transaction = db.transaction('updates', 'readwrite');
    const index = transaction.store.index('room');
    const [keys, rows] = await Promise.all([
      index.getAllKeys(this.#room),
      index.getAll(this.#room),
    ]);
    const updates = rows.map((row) => row.bytes);
    if (rows.length < COMPACT_FROM) {
      rows.forEach((row, at) => {
        const key = keys[at];
        if (row.mine && key !== undefined) this.#unsaved.add(key);
      });
      await transaction.done;
      return updates;
    }
    // One transaction: whatever another tab adds meanwhile comes after it.
    const mine = rows.some((row) => row.mine);
    const bytes = merge(updates);
    const writes: Promise<unknown>[] = keys.map((key) => transaction.store.delete(key));
    const added = transaction.store.add({ room: this.#room, bytes, mine });
    await Promise.all([...writes, added, transaction.done]);
    if (mine) this.#unsaved.add(await added);
    return [bytes];
  }

  /** Whether something that was made here is not known to be on the server. */
  get hasUnsaved(): boolean {
    return this.#unsaved.size > 0;
  }

  /** Resolves when the update is on the disk. */
  async add(bytes: Uint8Array, mine: boolean): Promise<void> {
    const db = await database();
    const transaction = db.transaction('updates', 'readwrite', { durability: 'strict' });
    const key = await transaction.store.add({ room: this.#room, bytes, mine });
    if (mine) this.#unsaved.add(key);
    await transaction.done;
  }

  /** The server has all that was made here so far. */
  async settle(): Promise<void> {
    const keys = [...this.#unsaved];
    if (keys.length === 0) return;
    const db = await database();
    const transaction = db.transaction('updates', 'readwrite');
    await Promise.all(
      keys.map(async (key) => {
        const row = await transaction.store.get(key);
        if (row) await transaction.store.put({ ...row, mine: false }, key);
      }),
    );
    await transaction.done;
    for (const key of keys) this.#unsaved.delete(key);
  }

  /** Forgets everything about this layer. */
  async clear(): Promise<void> {
    const db = await database();
    const transaction = db.transaction('updates', 'readwrite');
    const keys = await transaction.store.index('room').getAllKeys(this.#room);
    await Promise.all(keys.map((key) => transaction.store.delete(key)));
    await transaction.done;
    this.#unsaved.clear();
  }
}
