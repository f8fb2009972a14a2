// One open volume: its viewer, and all that belongs to it and ends with it.
import {
  type Act,
  type Code,
  EvolumeError,
  type EvolumeViewer,
  type LinkDestination,
  type Manifest,
  type PageRef,
  type Place,
  type Selection,
  type Status,
  type View,
  type ViewerProblem,
} from 'evolume';
import { isLocal } from '../local/shelf.ts';
import type { Marks } from '../marks/marks.ts';
import { ScanWatch } from '../materials/scan-watch.ts';
import { actsOf } from '../people/rights.ts';
import { who } from '../people/who.ts';
import { parseRoute, volumeUrl } from '../route.ts';
import { readerId } from '../storage.ts';
import { SearchSession } from '../search/search-session.ts';
import { viewerLabels } from '../words.ts';
import { takeAhead } from './head-start.ts';
import type { Away } from './lead-away.ts';
import { keepView } from './memory.ts';
import { Patience } from './patience.ts';
import type { PlaceKeeper } from './place-keeper.ts';
import { whenThere } from './settling.ts';
import { openStage, type Stage } from './stage.ts';
import type { Travel } from './travel.ts';

/** What keeps and changes the address. */
type Places = { keeper: PlaceKeeper; travel: Travel };

/** What everybody may who reads: until more is known. */
const READING: ReadonlySet<Act> = new Set<Act>(['know', 'read', 'search', 'copy']);

/** A volume with its viewer, as what stands beside the pages needs it. */
export type Shown = OpenVolume & { viewer: EvolumeViewer; session: SearchSession };

/**
 * Tells by `change` that something is new, by `place` that the status is, by `settled` that the page is there and the
 * rest of the interface may load, by `mark` that a mark on the page was clicked.
 */
export class OpenVolume extends EventTarget {
  readonly id: string;
  /** A file of the reader's own. */
  readonly local: boolean;
  /** Null before it is there, and after it has failed. */
  viewer: EvolumeViewer | null = null;
  session: SearchSession | null = null;
  marks: Marks | null = null;
  /** Null until there is time to look into it. */
  manifest: Manifest | null = null;
  status: Status | null = null;
  problem: ViewerProblem | null = null;
  /** Why there is nothing to read. */
  failure: Code | null = null;
  selection: Selection | null = null;
  view: View | null = null;
  /** A link that leaves the volume, to be confirmed. */
  away: Away | null = null;
  settled = false;
  /** What this reader may do here; the interface offers nothing else. */
  #acts: ReadonlySet<Act> = READING;
  readonly #places: Places;
  readonly #ending = new AbortController();
  readonly #first = new Patience(() => this.#changed());
  readonly #rest = new Patience(() => this.#changed());
  #stage: Stage | null = null;
  #learning = false;
  #scans: ScanWatch | null = null;

  constructor(id: string, places: Places) {
    super();
    this.id = id;
    this.local = isLocal(id);
    this.#places = places;
  }

  /** The page takes long to come. */
  get waiting(): boolean {
    return this.#first.waiting;
  }

  /** The rest of a large volume does. */
  get waitingForRest(): boolean {
    return this.#rest.waiting;
  }

  /** Opens it in `host`, unless that has been begun already. */
  async open(host: HTMLElement, place: Place | undefined): Promise<void> {
    this.#first.note(false);
    const { signal } = this.#ending;
    const ahead = takeAhead(this.id);
    if (ahead) host.append(ahead.element);
    this.#stage = ahead ?? openStage(host, this.id, place, signal);
    let viewer: EvolumeViewer;
    try {
      viewer = await this.#stage.viewer;
    } catch (cause) {
      if (signal.aborted) return;
      console.error(cause);
      await this.#refused(EvolumeError.from(cause, 'viewer.panic').code);
      return;
    }
    // One that was opened ahead knows no signal.
    if (signal.aborted) return viewer.destroy();
    this.#opened(viewer);
  }

  /** Ends it, with all that belongs to it. */
  close(): void {
    this.#places.keeper.flush();
    this.#ending.abort();
    this.#scans?.stop();
    this.session?.end();
    this.marks?.close();
    this.viewer?.destroy();
    this.viewer = null;
    this.#stage?.element.remove();
    this.#first.note(true);
    this.#rest.note(true);
  }

  /** Whether this reader may do something here. A file of one's own is one's own. */
  may(act: Act): boolean {
    return this.local || this.#acts.has(act);
  }

  /** The page one is on, as soon as that is known. */
  get page(): PageRef | null {
    const { status } = this;
    const meant = this.#stage?.place;
    // Until then it is the one that was meant when it was opened.
    return status?.at ?? (status?.page === meant?.page ? (meant?.at ?? null) : null);
  }

  /** Puts the place into the address and the memory. */
  keepPlace(): void {
    if (this.status) this.#places.keeper.note(this.id, { ...this.status, at: this.page });
  }

  /** Jumps to a page; one can come back. */
  goTo(page: PageRef | number): void {
    this.#places.travel.leave('jump');
    this.viewer?.goTo(page);
  }

  /** Shows a place by its address, perhaps in another volume. */
  show(hash: string): void {
    const route = parseRoute(hash);
    if (route.view !== 'volume') return;
    if (route.id !== this.id) return this.#places.travel.go(hash);
    this.#places.travel.leave('jump');
    if (route.place) this.viewer?.moveTo(route.place);
  }

  /** A link or a citation was clicked. */
  async follow(followed: LinkDestination): Promise<void> {
    if (followed.kind === 'page') return this.goTo(followed.page);
    const { leadAway } = await import('./lead-away.ts');
    const away = await leadAway(followed, this.id);
    if (away && 'hash' in away) this.#places.travel.go(away.hash);
    else {
      this.away = away;
      this.#changed();
    }
  }

  /** The link is not followed after all, or in a window of its own. */
  stay(): void {
    this.away = null;
    this.#changed();
    this.viewer?.focus();
  }

  async copy(cited: boolean): Promise<void> {
    if (this.may('copy') && (await this.viewer?.copyText(cited))) this.viewer?.deselect();
  }

  report(problem: ViewerProblem): void {
    if (problem.code === 'viewer.panic') return this.#fail(problem.code);
    this.problem = problem;
    this.#changed();
  }

  #opened(viewer: EvolumeViewer): void {
    this.viewer = viewer;
    this.view = viewer.view;
    this.#scans = new ScanWatch(viewer);
    this.session = new SearchSession(viewer);
    this.session.marked = () => this.marks?.pages ?? [];
    this.session.addEventListener('leave', () => this.#places.travel.leave('search'));
    // For measurements, and for whoever is curious at the console.
    Object.assign(window, { evolume: viewer });
    viewer.setLabels(viewerLabels());
    viewer.focus();
    viewer.on('status', (status) => this.#moved(viewer, status));
    viewer.on('problem', (problem) => this.report(problem));
    viewer.on('selection', (selection) => this.#set({ selection }));
    viewer.on('view', (view) => {
      keepView(this.id, view);
      this.#set({ view });
    });
    viewer.on('mark', (id) => this.#chosen(id));
    viewer.on('follow', (followed) => void this.follow(followed));
    if (viewer.status) this.#moved(viewer, viewer.status);
    if (viewer.problem) this.report(viewer.problem);
    whenThere(
      viewer,
      this.#ending.signal,
      (manifest) => this.#known(manifest),
      (manifest) => this.#settle(viewer, manifest),
    );
    this.#changed();
  }

  #moved(viewer: EvolumeViewer, status: Status): void {
    this.status = status;
    this.#first.note(status.readable);
    this.#rest.note(this.manifest !== null || viewer.stage === 'opening');
    // The trouble is over when everything in view has come after all.
    if (status.sharp && status.failed === 0) this.problem = null;
    this.keepPlace();
    this.marks?.setPage(status.page);
    this.#tell('place');
    this.#changed();
  }

  #known(manifest: Manifest): void {
    this.#rest.note(true);
    document.title = `${manifest.case_number} ${manifest.title} - Evolume`;
    this.#set({ manifest });
  }

  #settle(viewer: EvolumeViewer, manifest: Manifest): void {
    this.#set({ settled: true });
    void this.#startMarks(viewer, manifest);
    void this.#learnActs();
    // A name that somebody takes gives them other rights.
    who.addEventListener('change', () => void this.#learnActs(), { signal: this.#ending.signal });
    this.#scans?.start();
    this.#tell('settled');
  }

  /** Annotations are loaded when the page is there, and never delay it. */
  async #startMarks(viewer: EvolumeViewer, manifest: Manifest): Promise<void> {
    if (this.local) return;
    try {
      const { Marks } = await import('../marks/index.ts');
      if (this.#ending.signal.aborted) return;
      const marks = new Marks(volumeUrl(this.id), manifest, viewer);
      this.#set({ marks });
      // Places are remembered for each reader: whoever gives a name takes this one along.
      let reader = readerId();
      marks.addEventListener('change', () => {
        if (marks.closedOut) void this.#learnActs();
        if (reader === readerId()) return;
        reader = readerId();
        this.keepPlace();
      });
      await marks.start();
      marks.setPage(viewer.status?.page ?? 0);
    } catch (cause) {
      // The pages are readable without them.
      console.error(cause);
      const { code } = EvolumeError.from(cause, 'server.gone');
      this.#set({ problem: { code, page: null } });
    }
  }

  /** Asks what this reader may do; where nothing is allowed any more, there is nothing to read. */
  async #learnActs(): Promise<void> {
    // Whoever has been signed out keeps what is on the screen.
    if (this.local || who.lost || this.#learning) return;
    this.#learning = true;
    try {
      this.#acts = await actsOf(await who.current(), volumeUrl(this.id));
      if (this.viewer) this.viewer.copies = this.may('copy');
      this.#changed();
    } catch (cause) {
      const { code } = EvolumeError.from(cause, 'server.internal');
      if (code === 'not_found') await this.#closedTo();
      else console.error(cause);
    } finally {
      this.#learning = false;
    }
  }

  /** What was here is not this reader's any more; a session that ended meanwhile is another matter. */
  async #closedTo(): Promise<void> {
    if (!who.lost) await this.#refused('not_found');
  }

  /** Nothing is there; for a stranger, who has perhaps only to sign in, that may change. */
  async #refused(code: Code): Promise<void> {
    const asked = code === 'not_found' && (await who.askStranger().catch(() => false));
    if (!asked && !this.#ending.signal.aborted) this.#fail(code);
  }

  #chosen(id: string | null): void {
    this.marks?.choose(id);
    if (id) this.#tell('mark');
  }

  #fail(code: Code): void {
    this.#places.keeper.flush();
    this.viewer?.destroy();
    this.viewer = null;
    this.#set({ failure: code });
  }

  #set(change: Partial<OpenVolume>): void {
    Object.assign(this, change);
    this.#changed();
  }

  #changed(): void {
    this.#tell('change');
  }

  #tell(type: 'change' | 'place' | 'settled' | 'mark'): void {
    this.dispatchEvent(new Event(type));
  }
}
