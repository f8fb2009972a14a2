// The open layers of a volume: where new marks go, who else is here, where everything is safe.
import {
  type Code,
  type LayerKind,
  type LayerRoom,
  type LayerSummary,
  type Mark,
  type MarkChanges,
  openLayer,
  type PageRef,
  type Person,
  type Principal,
} from 'evolume';
import { recall, remember } from '../storage.ts';
import { type Saving, worst } from './saving.ts';

/** Layers that the interface opens; the meeting's comes with meetings. */
const OPENED: readonly LayerKind[] = ['private', 'panel', 'everybody'];

export type LayersEvents = {
  /** Marks of a layer have changed. */
  marks(room: LayerRoom, changes: MarkChanges): void;
  /** People, or where things are safe. */
  changed(): void;
};

export class Layers {
  readonly #volumeUrl: string;
  readonly #events: LayersEvents;
  #rooms: readonly LayerRoom[] = [];
  #me = '';
  #page: PageRef | null = null;
  #openings = 0;
  #closed = false;

  constructor(volumeUrl: string, events: LayersEvents) {
    this.#volumeUrl = volumeUrl;
    this.#events = events;
  }

  /** Opens these layers in the place of those that were open. */
  async open(principal: Principal, layers: readonly LayerSummary[]): Promise<void> {
    this.clear();
    this.#openings += 1;
    const opening = this.#openings;
    const wanted = layers.filter((layer) => OPENED.includes(layer.kind));
    const rooms = await Promise.all(
      wanted.map((layer) => openLayer({ volume: this.#volumeUrl, layer, principal })),
    );
    // Somebody else has signed in meanwhile: the later opening counts.
    if (this.#closed || opening !== this.#openings) {
      rooms.forEach((room) => room.close());
      return;
    }
    this.#rooms = rooms;
    this.#me = principal.id;
    for (const room of rooms) {
      room.on('marks', (changes) => this.#events.marks(room, changes));
      room.on('people', () => this.#events.changed());
      room.on('state', () => this.#events.changed());
    }
    if (this.#page) this.setPage(this.#page);
  }

  clear(): void {
    for (const room of this.#rooms) room.close();
    this.#rooms = [];
  }

  close(): void {
    this.#closed = true;
    this.clear();
  }

  /** Every mark with its room. */
  get marks(): { room: LayerRoom; marks: Iterable<Mark> }[] {
    return this.#rooms.map((room) => ({ room, marks: room.marks.values() }));
  }

  room(id: string | undefined): LayerRoom | undefined {
    return this.#rooms.find((room) => room.summary.id === id);
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
  }

  /** Everybody else who has the shared layer open; one person in two windows is one person. */
  get people(): readonly Person[] {
    const all = new Map<string, Person>();
    for (const person of this.#shared()?.people ?? []) {
      if (person.id !== this.#me) all.set(person.id, person);
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

  /** Tells the others where one is. */
  setPage(page: PageRef): void {
    this.#page = page;
    this.#shared()?.setPage(page);
  }

  /** Gives up on this computer what the server refuses. */
  async discardRefused(): Promise<void> {
    const refused = this.#rooms.filter((room) => room.state.link === 'refused');
    await Promise.all(refused.map((room) => room.discard()));
  }

  #shared(): LayerRoom | undefined {
    const of = (kind: LayerKind): LayerRoom | undefined =>
      this.#rooms.find((room) => room.summary.kind === kind);
    return of('panel') ?? of('everybody');
  }
}
