// The annotations of an open volume: its layers, what is in them, and what the reader does to them.
import {
  type Annotation,
  type Code,
  dropName,
  EvolumeError,
  type EvolumeViewer,
  type LayerKind,
  type LayerRoom,
  type LayerSummary,
  type Manifest,
  type MarkPaint,
  type MarkColour,
  type NewMark,
  openLayer,
  type Passage,
  type Person,
  requestLayers,
  requestSession,
  type Session,
  takeName,
} from 'evolume';
import { recall, remember } from '../storage.ts';
import { type Saving, worst } from './saving.ts';

/** An annotation with what the interface needs to know about it. */
export type Mark = {
  annotation: Annotation;
  layer: LayerSummary;
  /** Volume page number, from 1; null when its material is not in the volume any more. */
  page: number | null;
  /** Whether it may be changed here. */
  own: boolean;
};

/** Layers that the interface opens; the meeting's comes with meetings. */
const OPENED: readonly LayerKind[] = ['private', 'panel', 'everybody'];

/** How the pen looks on paper; the names come from the model. */
export const INK: Readonly<Record<MarkColour, [number, number, number]>> = {
  yellow: [255, 225, 100],
  green: [166, 226, 150],
  blue: [140, 216, 236],
  red: [255, 170, 165],
  purple: [216, 184, 248],
};

export class Marks extends EventTarget {
  session: Session | null = null;
  marks: readonly Mark[] = [];
  /** Id of the chosen mark. */
  active: string | null = null;
  /** What has just failed. */
  problem: Code | null = null;
  /** Who one is, and what this computer has, is known. */
  ready = false;

  readonly #volume: string;
  /** Where the marks are painted. */
  readonly #viewers: Set<EvolumeViewer>;
  /** Painted under the marks: what is selected in another window. */
  #others: readonly MarkPaint[] = [];
  readonly #manifest: Manifest;
  /** Number of the first page of every material. */
  readonly #first = new Map<string, number>();
  #rooms: LayerRoom[] = [];
  #done: LayerRoom[] = [];
  #undone: LayerRoom[] = [];
  #closed = false;
  #page = 0;

  constructor(volume: string, manifest: Manifest, viewer: EvolumeViewer) {
    super();
    this.#volume = volume;
    this.#viewers = new Set([viewer]);
    this.#manifest = manifest;
    let first = 1;
    for (const material of this.#manifest.materials) {
      this.#first.set(material.id, first);
      first += material.pages.length;
    }
    addEventListener('storage', this.#otherTab);
  }

  /** Paints in another viewer of the volume too; the answer ends it. */
  attach(viewer: EvolumeViewer): () => void {
    this.#viewers.add(viewer);
    this.#paint();
    return () => this.#viewers.delete(viewer);
  }

  /** Paints what is selected in another window. */
  setOthers(paints: readonly MarkPaint[]): void {
    this.#others = paints;
    this.#paint();
  }

  /** Layers in which one may make marks. */
  get targets(): readonly LayerSummary[] {
    return this.#rooms.map((room) => room.summary).filter((layer) => layer.write);
  }

  /** The layer that new marks go to. */
  get target(): LayerSummary | null {
    const remembered = recall('layer');
    return this.targets.find((layer) => layer.kind === remembered) ?? this.targets[0] ?? null;
  }

  chooseTarget(layer: LayerSummary): void {
    remember('layer', layer.kind);
    this.#changed();
  }

  get colour(): MarkColour {
    const remembered = recall('colour');
    const colours = Object.keys(INK) as MarkColour[];
    return colours.find((colour) => colour === remembered) ?? 'yellow';
  }

  /** Pages with marks, by the material's id and their indexes in it. */
  get pages(): { material: string; pages: number[] }[] {
    const all = new Map<string, Set<number>>();
    for (const { annotation } of this.marks) {
      const { material, page } = annotation.anchor;
      all.set(material, (all.get(material) ?? new Set()).add(page));
    }
    return [...all].map(([material, pages]) => ({ material, pages: [...pages] }));
  }

  /** Everybody else who has the panel's layer open; one person in two windows is one person. */
  get people(): readonly Person[] {
    const all = new Map<string, Person>();
    for (const person of this.#shared()?.people ?? []) {
      if (person.id !== this.session?.principal.id) all.set(person.id, person);
    }
    return [...all.values()].sort((a, b) => a.name.localeCompare(b.name, 'zh'));
  }

  get saving(): Saving | null {
    return worst(this.#rooms.map((room) => room.state));
  }

  /** Why a layer is not in order. */
  get trouble(): Code | null {
    const states = this.#rooms.map((room) => room.state);
    const refused = states.find((state) => state.link === 'refused');
    return (refused ?? states.find((state) => state.code !== null))?.code ?? null;
  }

  get canUndo(): boolean {
    return this.#done.some((room) => room.canUndo);
  }

  get canRedo(): boolean {
    return this.#undone.some((room) => room.canRedo);
  }

  /** Finds out who one is and opens the layers. */
  async start(): Promise<void> {
    try {
      await this.#enter(await requestSession());
    } catch (cause) {
      await this.#enterOffline(cause);
    }
    this.ready = true;
    this.#changed();
  }

  /** Takes a provisional name; throws an `EvolumeError` when it is refused. */
  async enter(name: string): Promise<void> {
    await this.#enter(await takeName(name));
    this.#changed();
  }

  /** Gives the name back; what is on this computer stays there for the next time. */
  async leave(): Promise<void> {
    try {
      await dropName();
      remember('session', '');
      await this.#enter(await requestSession());
    } catch (cause) {
      this.problem = EvolumeError.from(cause, 'server.internal').code;
    }
    this.#changed();
  }

  /** In another tab somebody has taken another name: it is the browser's, and so this tab's too. */
  readonly #otherTab = (event: StorageEvent): void => {
    if (event.key === 'evolume.session') void this.start();
  };

  /** Marks the selected text: on each page a mark, in one step that is undone as one. */
  add(passages: readonly Passage[], colour: MarkColour): string | null {
    const room = this.#rooms.find((room) => room.summary.id === this.target?.id);
    if (!room) return null;
    remember('colour', colour);
    const marks: NewMark[] = passages
      .filter(({ rects }) => rects.length > 0)
      .map(({ material, index: page, start, end, rects, quote }) => ({
        id: crypto.randomUUID(),
        kind: 'highlight',
        anchor: { material, page, start, end, rects, quote },
      }));
    const [first] = marks;
    if (!first || !this.#command(room, { type: 'add', marks, colour })) return null;
    this.choose(first.id);
    return first.id;
  }

  setNote(id: string, note: string): void {
    this.#ofMark(id, (room) => this.#command(room, { type: 'note', id, note }));
  }

  setColour(id: string, colour: MarkColour): void {
    this.#ofMark(id, (room) => this.#command(room, { type: 'colour', id, colour }));
  }

  remove(id: string): void {
    this.#ofMark(id, (room) => this.#command(room, { type: 'remove', id }));
  }

  undo(): void {
    this.#step(this.#done, this.#undone, 'undo');
  }

  redo(): void {
    this.#step(this.#undone, this.#done, 'redo');
  }

  choose(id: string | null): void {
    if (this.active === id) return;
    this.active = id;
    this.#paint();
    this.#changed();
  }

  /** Tells the others where one is. */
  setPage(page: number): void {
    this.#page = page;
    if (page > 0) this.#shared()?.setPage(page);
  }

  dismiss(): void {
    this.problem = null;
    this.#changed();
  }

  /** Gives up what the server refuses, and starts again with what it has. */
  async discard(): Promise<void> {
    const refused = this.#rooms.filter((room) => room.state.link === 'refused');
    await Promise.all(refused.map((room) => room.discard()));
    await this.start();
  }

  close(): void {
    this.#closed = true;
    removeEventListener('storage', this.#otherTab);
    this.#closeRooms();
  }

  #shared(): LayerRoom | undefined {
    const of = (kind: LayerKind): LayerRoom | undefined =>
      this.#rooms.find((room) => room.summary.kind === kind);
    return of('panel') ?? of('everybody');
  }

  async #enter(session: Session): Promise<void> {
    this.session = session;
    if (session.principal.id === '') {
      this.#closeRooms();
      this.#gather();
      return;
    }
    const layers = await requestLayers(this.#volume);
    // Without the server this computer still knows who one was and what one had open.
    remember('session', JSON.stringify(session));
    remember(`layers.${this.#manifest.volume}`, JSON.stringify(layers));
    await this.#openRooms(session, layers);
  }

  async #enterOffline(cause: unknown): Promise<void> {
    const { code } = EvolumeError.from(cause, 'server.internal');
    const session = recall('session');
    const layers = recall(`layers.${this.#manifest.volume}`);
    if (code !== 'server.gone' || !session || !layers) {
      this.problem = code;
      return;
    }
    try {
      this.session = JSON.parse(session) as Session;
      await this.#openRooms(this.session, JSON.parse(layers) as LayerSummary[]);
    } catch (cause) {
      this.problem = EvolumeError.from(cause, 'server.internal').code;
    }
  }

  async #openRooms(session: Session, layers: readonly LayerSummary[]): Promise<void> {
    this.#closeRooms();
    const { principal } = session;
    const wanted = layers.filter((layer) => OPENED.includes(layer.kind));
    const rooms = await Promise.all(
      wanted.map((layer) => openLayer({ volume: this.#volume, layer, principal })),
    );
    if (this.#closed) {
      rooms.forEach((room) => room.close());
      return;
    }
    this.#rooms = rooms;
    for (const room of rooms) {
      room.on('annotations', () => this.#gather());
      room.on('people', () => this.#changed());
      room.on('state', () => this.#changed());
    }
    this.setPage(this.#page);
    this.#gather();
  }

  #closeRooms(): void {
    for (const room of this.#rooms) room.close();
    this.#rooms = [];
    this.#done = [];
    this.#undone = [];
  }

  #gather(): void {
    const me = this.session?.principal.id;
    const all = this.#rooms.flatMap((room) =>
      room.annotations.map((annotation) => ({
        annotation,
        layer: room.summary,
        page: this.#pageOf(annotation),
        own: room.summary.write && annotation.author === me,
      })),
    );
    // In reading order; what has lost its page comes last.
    const place = (mark: Mark): number => mark.page ?? Number.MAX_SAFE_INTEGER;
    this.marks = all.sort(
      (a, b) => place(a) - place(b) || a.annotation.anchor.start - b.annotation.anchor.start,
    );
    if (!this.marks.some((mark) => mark.annotation.id === this.active)) this.active = null;
    this.#paint();
    this.#changed();
  }

  #pageOf({ anchor }: Annotation): number | null {
    const first = this.#first.get(anchor.material);
    const material = this.#manifest.materials.find((material) => material.id === anchor.material);
    if (first === undefined || anchor.page >= (material?.pages.length ?? 0)) return null;
    return first + anchor.page;
  }

  #paint(): void {
    const own: MarkPaint[] = this.marks.flatMap(({ annotation: { id, anchor, colour }, page }) =>
      page === null
        ? []
        : [{ id, page, rects: anchor.rects, colour: INK[colour], active: id === this.active }],
    );
    for (const viewer of this.#viewers) viewer.setMarks([...this.#others, ...own]);
  }

  #ofMark(id: string, act: (room: LayerRoom) => void): void {
    const mark = this.marks.find((mark) => mark.annotation.id === id);
    const room = this.#rooms.find((room) => room.summary.id === mark?.layer.id);
    if (room) act(room);
  }

  #command(room: LayerRoom, command: Parameters<LayerRoom['command']>[0]): boolean {
    try {
      room.command(command);
    } catch (cause) {
      this.problem = EvolumeError.from(cause, 'viewer.panic').code;
      this.#changed();
      return false;
    }
    this.problem = null;
    this.#done.push(room);
    this.#undone = [];
    return true;
  }

  /** Takes the last thing back, in whichever layer it was. */
  #step(from: LayerRoom[], to: LayerRoom[], type: 'undo' | 'redo'): void {
    for (let room = from.pop(); room; room = from.pop()) {
      if (type === 'undo' ? !room.canUndo : !room.canRedo) continue;
      room.command({ type });
      to.push(room);
      break;
    }
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
