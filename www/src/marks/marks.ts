// The marks of an open volume as the interface sees them: what there is, and what the reader does to it.
import {
  type Code,
  EvolumeError,
  type EvolumeViewer,
  type LayerCommand,
  type LayerRoom,
  type LayerSummary,
  type Manifest,
  type Mark,
  MARK_INK,
  type MarkChanges,
  type MarkColour,
  type MarkPaint,
  type NewMark,
  Numbering,
  type Passage,
  type Session,
} from 'evolume';
import { layersOf } from '../people/rights.ts';
import { who } from '../people/who.ts';
import { recall, remember } from '../storage.ts';
import { Layers } from './layers.ts';
import { type MarkItem, pageOf, ReadingOrder } from './order.ts';
import { Painting } from './painting.ts';
import type { Saving } from './saving.ts';
import { UndoOrder } from './undo.ts';

export type { MarkItem } from './order.ts';

/** Somebody else who is here. */
export type Present = {
  id: string;
  name: string;
  /** Volume page number, from 1; null when it is not known. */
  page: number | null;
};

/** A session that ends again so soon is not tried again by itself: milliseconds. */
const PATIENCE = 10_000;

export const COLOURS = Object.keys(MARK_INK) as MarkColour[];

export class Marks extends EventTarget {
  session: Session | null = null;
  /** Id of the chosen mark. */
  active: string | null = null;
  /** What has just failed. */
  problem: Code | null = null;
  /** Who one is, and what this computer has, is known. */
  ready = false;

  readonly #volumeUrl: string;
  readonly #numbering: Numbering;
  readonly #layers: Layers;
  readonly #order = new ReadingOrder();
  readonly #painting = new Painting();
  readonly #undo = new UndoOrder<LayerRoom>();
  #starting: Promise<void> | null = null;
  /** When a session was found to be over: milliseconds since 1970. */
  #endedAt = 0;
  #closed = false;

  constructor(volumeUrl: string, manifest: Manifest, viewer: EvolumeViewer) {
    super();
    this.#volumeUrl = volumeUrl;
    this.#numbering = Numbering.of(manifest);
    this.#layers = new Layers(volumeUrl, {
      marks: (room, changes) => this.#take(room, changes),
      changed: () => {
        this.#changed();
        if (this.signedOut) void this.#ended();
      },
    });
    this.#painting.attach(viewer);
    who.addEventListener('change', this.#meet);
  }

  /** In reading order. */
  get marks(): readonly MarkItem[] {
    return this.#order.all;
  }

  /** Paints in another viewer of the volume too; the answer ends it. */
  attach(viewer: EvolumeViewer): () => void {
    return this.#painting.attach(viewer);
  }

  /** Paints what is selected in another window. */
  setOthers(paints: readonly MarkPaint[]): void {
    this.#painting.setOthers(paints);
  }

  get targets(): readonly LayerSummary[] {
    return this.#layers.targets;
  }

  get target(): LayerSummary | null {
    return this.#layers.target;
  }

  chooseTarget(layer: LayerSummary): void {
    this.#layers.chooseTarget(layer);
    this.#changed();
  }

  get colour(): MarkColour {
    const remembered = recall('colour');
    return COLOURS.find((colour) => colour === remembered) ?? 'yellow';
  }

  /** Pages with marks, by the material's id and their indexes in it. */
  get pages(): { material: string; pages: number[] }[] {
    const all = new Map<string, Set<number>>();
    for (const { mark } of this.marks) {
      const page = pageOf(mark.target);
      if (page) all.set(page.material, (all.get(page.material) ?? new Set()).add(page.index));
    }
    return [...all].map(([material, pages]) => ({ material, pages: [...pages] }));
  }

  get people(): readonly Present[] {
    return this.#layers.people.map(({ id, name, page }) => ({
      id,
      name,
      page: page && this.#numbering.number(page),
    }));
  }

  get saving(): Saving | null {
    return this.#layers.saving;
  }

  get trouble(): Code | null {
    return this.#layers.trouble;
  }

  get canUndo(): boolean {
    return this.#undo.canUndo;
  }

  get canRedo(): boolean {
    return this.#undo.canRedo;
  }

  /** The layers are not open to this reader any more. */
  get closedOut(): boolean {
    return this.trouble === 'not_found';
  }

  /** The session is over, and what is written from now on stays on this computer. */
  get signedOut(): boolean {
    return this.trouble === 'identity.required';
  }

  /** Finds out who one is and opens the layers. */
  start(): Promise<void> {
    this.#starting ??= this.#start().finally(() => (this.#starting = null));
    return this.#starting;
  }

  /** Takes a provisional name; throws an `EvolumeError` when it is refused. */
  async enter(name: string): Promise<void> {
    await who.begin({ name });
    await this.start();
  }

  /** Gives the name back. */
  async leave(): Promise<void> {
    try {
      await who.end();
      await this.start();
    } catch (cause) {
      this.#fail(cause);
    }
  }

  /** Marks the selected text: on each page a mark, in one step that is undone as one. */
  add(passages: readonly Passage[], colour: MarkColour): string | null {
    const room = this.#layers.room(this.target?.id);
    if (!room) return null;
    remember('colour', colour);
    const marks: NewMark[] = passages
      .filter(({ rects }) => rects.length > 0)
      .map(({ page, start, end, rects, quote }) => ({
        id: crypto.randomUUID(),
        kind: 'highlight',
        target: { type: 'text', page, start, end, rects, quote },
      }));
    const [first] = marks;
    if (!first || !this.#command(room, { type: 'add', marks, colour })) return null;
    this.choose(first.id);
    return first.id;
  }

  setNote(id: string, note: string): void {
    this.#change(id, { type: 'note', id, note });
  }

  setColour(id: string, colour: MarkColour): void {
    this.#change(id, { type: 'colour', id, colour });
  }

  remove(id: string): void {
    this.#change(id, { type: 'remove', id });
  }

  undo(): void {
    this.#undo.undo();
    this.#changed();
  }

  redo(): void {
    this.#undo.redo();
    this.#changed();
  }

  choose(id: string | null): void {
    if (this.active === id) return;
    const items = [this.active, id].flatMap((each) => (each && this.#order.get(each)) || []);
    this.active = id;
    this.#painting.put(items, id);
    this.#changed();
  }

  /** Tells the others where one is. */
  setPage(page: number): void {
    const ref = this.#numbering.ref(page);
    if (ref) this.#layers.setPage(ref);
  }

  dismiss(): void {
    this.problem = null;
    this.#changed();
  }

  /** Gives up what the server refuses, and starts again with what it has. */
  async discard(): Promise<void> {
    await this.#layers.discardRefused();
    try {
      // It may have been refused because this browser is somebody else's by now.
      await who.refresh();
    } catch (cause) {
      return this.#fail(cause);
    }
    await this.start();
  }

  close(): void {
    this.#closed = true;
    who.removeEventListener('change', this.#meet);
    this.#layers.close();
  }

  async #start(): Promise<void> {
    try {
      let session: Session;
      do {
        session = await who.current();
        const layers = await layersOf(session, this.#volumeUrl);
        if (this.#closed) return;
        await this.#open(session, layers);
        // Somebody else may have come meanwhile.
      } while (who.session && who.session.principal.id !== session.principal.id && !who.lost);
    } catch (cause) {
      this.#fail(cause);
    }
    this.ready = true;
    this.#changed();
  }

  /** Somebody has signed in or out, perhaps in another tab: it is the browser's session, and so this tab's too. */
  readonly #meet = (): void => {
    // The marks of whose session has ended stay: more can be written, to be sent later.
    if (!this.ready || !who.session || who.lost) return this.#changed();
    const same = who.session.principal.id === this.session?.principal.id;
    if (!same || this.signedOut) void this.start();
  };

  /** Is there still a session? It may be another one, begun in another tab. */
  async #ended(): Promise<void> {
    const now = Date.now();
    if (now - this.#endedAt < PATIENCE) return;
    this.#endedAt = now;
    await who.over();
    if (who.known && this.signedOut) await this.start();
  }

  #fail(cause: unknown): void {
    this.problem = EvolumeError.from(cause, 'server.internal').code;
    this.#changed();
  }

  async #open(session: Session, layers: readonly LayerSummary[]): Promise<void> {
    this.session = session;
    this.#undo.clear();
    await this.#layers.open(session.principal, layers);
    this.#order.clear();
    this.#painting.clear();
    for (const { room, marks } of this.#layers.marks) {
      const items = [...marks].map((mark) => this.#item(room, mark));
      this.#order.put(items);
      this.#painting.put(items, this.active);
    }
    this.#forgetActive();
    this.#changed();
  }

  #take(room: LayerRoom, { put, drop }: MarkChanges): void {
    const items = put.map((mark) => this.#item(room, mark));
    this.#order.drop(drop);
    this.#order.put(items);
    this.#painting.drop(drop);
    this.#painting.put(items, this.active);
    this.#forgetActive();
    this.#changed();
  }

  #forgetActive(): void {
    if (this.active !== null && !this.#order.get(this.active)) this.active = null;
  }

  #item(room: LayerRoom, mark: Mark): MarkItem {
    const { summary: layer } = room;
    const page = pageOf(mark.target);
    const own = mark.author === this.session?.principal.id;
    const editable = !mark.newer && (own ? layer.write : layer.write_others);
    return { mark, layer, page: page && this.#numbering.number(page), editable };
  }

  #change(id: string, command: LayerCommand): void {
    const room = this.#layers.room(this.#order.get(id)?.layer.id);
    if (room) this.#command(room, command);
  }

  #command(room: LayerRoom, command: LayerCommand): boolean {
    try {
      room.command(command);
    } catch (cause) {
      this.problem = EvolumeError.from(cause, 'viewer.panic').code;
      this.#changed();
      return false;
    }
    this.problem = null;
    this.#undo.did(room);
    return true;
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
