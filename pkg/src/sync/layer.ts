// One layer in a page: the Rust document, its place on the disk, and its channel to the server's room.
import { EvolumeError } from '../error.ts';
import {
  type Code,
  CODES,
  type LayerCommand,
  type LayerSummary,
  type Mark,
  type MarkChanges,
  type PageRef,
  type Person,
  type Principal,
} from '../generated/index.ts';
import { type Channel, type Closing, openChannel } from './channel.ts';
import { createLayer, type Layer, type Outcome } from './engine.ts';
import { LayerStorage } from './storage.ts';

/** How often a client says that it is still there; stock clients expect it. */
const RENEW = 15_000;
/** Milliseconds: of pages turned fast only the last one is sent. */
const PRESENCE_PAUSE = 300;

/** Where a layer's marks are safe. */
export type LayerState = {
  /** `refused`: the server does not take what was made here; `ended`: one may not open the layer any more. */
  link: 'connecting' | 'online' | 'offline' | 'refused' | 'ended';
  /** All that was made here is on this computer's disk. */
  here: boolean;
  /** All that was made here is on the server's disk. */
  server: boolean;
  /** What went wrong, when something did. */
  code: Code | null;
};

export type LayerOptions = {
  /** The volume's address, e.g. `/api/v1/volumes/ID`. */
  volume: string;
  layer: LayerSummary;
  principal: Principal;
};

export type LayerEvents = {
  /** Marks have changed; `marks` has them already. */
  marks: MarkChanges;
  /** `people` has changed. */
  people: undefined;
  /** `state` has changed. */
  state: undefined;
};

/** Opens a layer with what this computer has of it; the server's part follows by itself. */
export async function openLayer(options: LayerOptions): Promise<LayerRoom> {
  const { layer, principal } = options;
  const volume = new URL(options.volume, document.baseURI);
  const storage = new LayerStorage(`${volume.href} ${layer.id} ${principal.id}`);
  const engine = await createLayer(principal, layer);
  let stored = true;
  try {
    const updates = await storage.load((updates) => {
      updates.forEach((update) => engine.load(update));
      return engine.state();
    });
    updates.forEach((update) => engine.load(update));
  } catch (cause) {
    console.error(cause);
    stored = false;
  }
  return new LayerRoom(options, volume.href, engine, storage, stored);
}

export class LayerRoom extends EventTarget {
  readonly summary: LayerSummary;
  people: readonly Person[] = [];
  state: LayerState = { link: 'connecting', here: true, server: false, code: null };

  /** By id. */
  readonly #marks: Map<string, Mark>;
  readonly #engine: Layer;
  readonly #storage: LayerStorage;
  readonly #channel: Channel;
  readonly #renewing: ReturnType<typeof setInterval>;
  /** Writes to the disk that are under way. */
  #writing = 0;
  #refusal: string | null = null;
  #presence: string | undefined;
  #telling: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(
    options: LayerOptions,
    volume: string,
    engine: Layer,
    storage: LayerStorage,
    stored: boolean,
  ) {
    super();
    this.summary = options.layer;
    this.#engine = engine;
    this.#storage = storage;
    const marks = JSON.parse(engine.marks()) as Mark[];
    this.#marks = new Map(marks.map((mark) => [mark.id, mark]));
    this.state = {
      ...this.state,
      here: stored,
      server: stored && !storage.hasUnsaved,
      code: stored ? null : 'storage.unavailable',
    };
    const key = {
      scope: 'volume',
      id: volume.slice(volume.lastIndexOf('/') + 1),
      name: options.layer.id,
    } as const;
    const url = new URL('../socket', volume);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#channel = openChannel(url.href, options.principal.id, key, {
      open: () => {
        this.#set({ link: 'online' });
        this.#take(() => engine.connected());
      },
      frame: (bytes) => this.#take(() => engine.receive(Date.now(), bytes)),
      closed: (closing) => this.#closedBy(closing),
    });
    this.#renewing = setInterval(() => this.#tell(), RENEW);
  }

  on<Type extends keyof LayerEvents>(
    type: Type,
    listener: (detail: LayerEvents[Type]) => void,
    options?: AddEventListenerOptions,
  ): void {
    const handler = (event: Event): void => {
      listener((event as CustomEvent<LayerEvents[Type]>).detail);
    };
    this.addEventListener(type, handler, options);
  }

  /** By id. */
  get marks(): ReadonlyMap<string, Mark> {
    return this.#marks;
  }

  get canUndo(): boolean {
    return this.#engine.canUndo();
  }

  get canRedo(): boolean {
    return this.#engine.canRedo();
  }

  /** Carries out a command on marks that the reader may change; throws an `EvolumeError` when it may not be. */
  command(command: LayerCommand): void {
    this.#take(() => this.#engine.command(Date.now(), JSON.stringify(command)), true);
  }

  /** Shows the others in the layer on which page one is. */
  setPage(page: PageRef): void {
    const state = JSON.stringify({ page });
    if (state === this.#presence) return;
    this.#presence = state;
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#tell();
    }, PRESENCE_PAUSE);
  }

  /** Forgets what this computer has of the layer; opened again it is what the server has. */
  async discard(): Promise<void> {
    this.close();
    await this.#storage.clear();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#renewing);
    clearTimeout(this.#telling);
    this.#channel.close();
  }

  #tell(): void {
    if (this.#closed || this.#presence === undefined) return;
    const presence = this.#presence;
    this.#take(() => this.#engine.setPresence(presence));
  }

  /** Lets the engine do something and carries out what follows. */
  #take(act: () => Outcome, own = false): void {
    let outcome: Outcome;
    try {
      outcome = act();
    } catch (cause) {
      const code = codeOf(cause);
      if (own) throw new EvolumeError(code, { cause });
      // The room sends something that cannot be: better none than a wrong one.
      console.error(cause);
      this.#channel.close();
      this.#set({ link: 'offline', code });
      return;
    }
    for (const update of outcome.made) void this.#store(update, true);
    for (const update of outcome.received) void this.#store(update, false);
    for (const frame of outcome.send) this.#channel.send(frame);
    if (outcome.refusal !== '') this.#refusal = outcome.refusal;
    const { changes } = outcome;
    if (changes !== undefined) this.#change(JSON.parse(changes) as MarkChanges);
    if (outcome.presence) {
      this.people = JSON.parse(this.#engine.people()) as Person[];
      this.#emit('people', undefined);
    }
    outcome.free();
    this.#judge();
  }

  #change(changes: MarkChanges): void {
    for (const id of changes.drop) this.#marks.delete(id);
    for (const mark of changes.put) this.#marks.set(mark.id, mark);
    this.#emit('marks', changes);
  }

  async #store(update: Uint8Array, mine: boolean): Promise<void> {
    this.#writing += 1;
    this.#judge();
    let code: Code | null = null;
    try {
      await this.#storage.add(update, mine);
    } catch (cause) {
      console.error(cause);
      code = 'storage.unavailable';
    }
    this.#writing -= 1;
    if (code) this.#set({ code });
    this.#judge();
  }

  /** Says where everything is, and no more than is true. */
  #judge(): void {
    const here = this.#writing === 0 && this.state.code !== 'storage.unavailable';
    const saved = this.#engine.isSaved();
    // Without a line: what the disk says about an earlier one.
    const server = this.state.link === 'online' ? saved : here && !this.#storage.hasUnsaved;
    this.#channel.expect(this.state.link === 'online' && !saved);
    this.#set({ here, server });
    if (saved && this.#writing === 0 && this.#storage.hasUnsaved) {
      this.#storage.settle().catch((cause: unknown) => {
        // They only stay marked as not yet on the server, and are sent again.
        console.error(cause);
      });
    }
  }

  #closedBy({ kind, code }: Closing): void {
    this.#take(() => this.#engine.disconnected());
    const refusal = this.#refusal ?? code;
    this.#refusal = null;
    if (this.#closed) return;
    if (kind === 'refused') this.#set({ link: 'refused', code: codeOf(refusal) });
    else if (kind === 'ended') {
      // The session is over, or the layer is not this reader's any more.
      this.#set({ link: 'ended', code: code === null ? 'identity.required' : codeOf(code) });
    } else this.#set({ link: 'offline' });
    this.#judge();
  }

  #set(change: Partial<LayerState>): void {
    const state = { ...this.state, ...change };
    if (change.link === 'online' && state.code !== 'storage.unavailable') state.code = null;
    const same = (Object.keys(state) as (keyof LayerState)[]).every(
      (key) => state[key] === this.state[key],
    );
    if (same) return;
    this.state = state;
    this.#emit('state', undefined);
  }

  #emit<Type extends keyof LayerEvents>(type: Type, detail: LayerEvents[Type]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** A stable code out of whatever was thrown. */
function codeOf(cause: unknown): Code {
  if (cause instanceof EvolumeError) return cause.code;
  return CODES.find((code) => code === cause) ?? 'viewer.panic';
}
