// A viewer in a page: what one can do with it. The Rust engine does it; `surface` is what of it is in the page,
// `opening/growing` what is known of the volume.
import type { Engine, Reading } from './engine-face.ts';
import { EvolumeError } from './error.ts';
import { type EngineMessage, ViewerEventTarget, type ViewerProblem } from './events.ts';
import type {
  Arrangement,
  Code,
  Fit,
  Manifest,
  MarkPaint,
  PageRef,
  Passage,
  Selection,
  Stage,
  Status,
  Step,
  Tool,
  View,
  ViewerCommand,
} from './generated/index.ts';
import { handleKey, type KeyActions } from './keyboard.ts';
import { type Numbering, toNumber } from './numbering.ts';
import { Growth } from './opening/growing.ts';
import type { Counted, Known } from './opening/known.ts';
import type { Opening } from './opening/prepare.ts';
import { ENGLISH, type Labels, type Place, type ViewerOptions } from './options.ts';
import type { Found, How, PageHit } from './search.ts';
import { Searching } from './searching.ts';
import { Surface } from './surface.ts';
import { isPlain, quarterMore, samePage } from './view.ts';
import { allowPdfium, startWorker } from './workers.ts';

export class EvolumeViewer extends ViewerEventTarget implements KeyActions, Known {
  /** The last one reported. */
  status: Status | null = null;
  /** The selected text. */
  selection: Selection | null = null;
  /** Whether selected text may be copied. */
  copies = true;
  /** A caret shows, and the arrows move it. */
  caret = false;
  /** The last one reported. */
  problem: ViewerProblem | null = null;
  /** How the pages are arranged and turned. */
  view: View = { arrangement: 'continuous', turn: 0, turns: [] };
  /** How far the first view has come; the events `readable` and `sharp` tell when it changes. */
  stage: Stage = 'opening';
  readonly #closing = new AbortController();
  readonly #surface: Surface;
  /** The volume's address, absolute. */
  readonly #base: string;
  readonly #growth: Growth;
  /** The number of the page that it was opened at. */
  readonly #first: number;
  readonly #searching: Searching;
  /** Gone after `destroy` or a trap: WebAssembly memory is not to be trusted after a panic. */
  #engine: Engine | null = null;

  constructor(host: HTMLElement, opening: Opening, options: ViewerOptions) {
    super();
    const { signal } = this.#closing;
    this.#base = new URL(options.volume, document.baseURI).href;
    this.#first = opening.page;
    this.#growth = new Growth(
      opening,
      this.#base,
      options.local,
      {
        viewer: this,
        take: (manifest, addresses) => this.#take(manifest, addresses),
        learnt: (manifest) => this.#learnt(manifest),
        failed: (code) => this.#report(code),
      },
      signal,
    );
    this.#searching = new Searching(this.#growth, this.#base, options.local, signal);
    this.#surface = new Surface(
      host,
      options.labels ?? ENGLISH,
      {
        scrollTo: (fraction) => this.scrollTo(fraction),
        key: (event) => handleKey(event, this),
        copy: (event) => this.#copy(event),
        grab: (end) => this.grab(end),
        resized: () => this.#resized(),
        // A trap inside a callback of the engine's own reaches nobody but the window.
        thrown: (cause) => {
          if (cause instanceof WebAssembly.RuntimeError) this.#panic();
        },
      },
      signal,
    );
    try {
      this.#engine = new opening.engine.Viewer(
        this.canvas,
        opening.volume,
        this.#base,
        JSON.stringify({
          dark: options.dark ?? false,
          renderLimit: options.renderLimit,
          ...options.local?.config,
        }),
        startWorker,
        (json) => this.#receive(JSON.parse(json) as EngineMessage),
        opening.ahead,
      );
    } catch (cause) {
      this.destroy();
      throw new EvolumeError('viewer.panic', { cause });
    }
    const { view } = options;
    // Laying many pages out twice costs the first one.
    if (view && !isPlain(view)) this.setView(view);
    if (options.place) this.moveTo(options.place);
    // From here on pages are fetched.
    this.#resized();
    this.#surface.observe();
  }

  /**
   * More becomes known of the pages while they are open; then `revise` is told. Of a large volume there is nothing
   * at first but what the first page needs: null.
   */
  get manifest(): Manifest | null {
    return this.#growth.manifest;
  }

  /** All materials, as far as they are known. */
  get materials(): readonly Counted[] {
    return this.#growth.materials;
  }

  /** The numbers of the pages, as they are now. */
  get numbering(): Numbering {
    return this.#growth.numbering;
  }

  /** The manifest, as soon as it is there; rejects when the viewer ends before. */
  whole(): Promise<Manifest> {
    return this.#growth.whole();
  }

  /**
   * Asks the server whether more is known of the pages, as scans are read, or whether there are others; `revise`
   * tells.
   */
  refresh(): Promise<void> {
    return this.#growth.refresh();
  }

  /** What the pages are painted on. */
  get canvas(): HTMLCanvasElement {
    return this.#surface.canvas;
  }

  /** What has the focus while one reads. */
  get element(): HTMLElement {
    return this.#surface.root;
  }

  /** Goes to a place as it was once reported. */
  moveTo({ page, at, zoom, offset = 0 }: Place): void {
    if (typeof zoom === 'number') this.zoomTo(zoom);
    else if (zoom) this.fit(zoom);
    this.#dispatch({ go_to_number: { number: toNumber(page), offset } });
    // Its number may be another by now; where its material has gone, the old one is the best that there is.
    if (at) this.#dispatch({ go_to: { page: at, offset } });
  }

  /** Goes to a page, or to the one with this number, as people write it. */
  goTo(page: PageRef | number): void {
    this.#dispatch(
      typeof page === 'number'
        ? { go_to_number: { number: toNumber(page), offset: 0 } }
        : { go_to: { page, offset: 0 } },
    );
  }

  zoomTo(percent: number): void {
    this.#dispatch({ zoom_to: { percent } });
  }

  zoomBy(factor: number): void {
    this.#dispatch({ zoom_by: { factor } });
  }

  fit(mode: Fit): void {
    this.#dispatch({ fit: { fit: mode } });
  }

  scrollBy(dx: number, dy: number): void {
    this.#dispatch({ scroll_by: { dx, dy } });
  }

  scrollScreens(count: number): void {
    this.scrollBy(0, count * this.canvas.clientHeight);
  }

  scrollTo(fraction: number): void {
    this.#dispatch({ scroll_to: { fraction } });
  }

  /** Arranges and turns the pages; the one in view stays. */
  setView(view: View): void {
    this.view = view;
    this.#dispatch({ set_view: { view } });
    this.emit('view', view);
  }

  arrange(arrangement: Arrangement): void {
    this.setView({ ...this.view, arrangement });
  }

  /** Turns the page one is on by a quarter, clockwise. */
  turnPage(): void {
    const page = this.status?.at;
    if (!page) return;
    const own = this.view.turns.find(([one]) => samePage(one, page));
    const others = this.view.turns.filter(([one]) => !samePage(one, page));
    const turn = quarterMore(own?.[1] ?? 0);
    this.setView({ ...this.view, turns: turn === 0 ? others : [...others, [page, turn]] });
  }

  /** Turns all pages by a quarter, clockwise. */
  turnAll(): void {
    this.setView({ ...this.view, turn: quarterMore(this.view.turn) });
  }

  /** What the main button does; `marquee` is for one frame. */
  setTool(tool: Tool): void {
    this.#dispatch({ set_tool: { tool } });
  }

  /** Takes a tool up, or puts it down. */
  toggleTool(tool: Tool): void {
    this.setTool(this.status?.tool === tool ? 'select' : tool);
  }

  /** Paints these marks, each in the place of the one with its id or on top of the others. */
  putMarks(marks: MarkPaint[]): void {
    if (marks.length > 0) this.#dispatch({ put_marks: { marks } });
  }

  /** Paints these marks no more. */
  dropMarks(ids: string[]): void {
    if (ids.length > 0) this.#dispatch({ drop_marks: { ids } });
  }

  /** Nothing is selected any more; where nothing was, the caret goes. */
  deselect(): void {
    if (this.caret && !this.selection) this.setCaret(false);
    this.#dispatch('deselect');
  }

  /** Selects the material one is in. */
  selectAll(): void {
    this.#dispatch('select_all');
  }

  /** Shows a caret for the keyboard, or none any more. */
  setCaret(on: boolean): void {
    this.caret = on;
    this.#dispatch({ set_caret: { on } });
  }

  /** Moves the caret, or the end of the selection that moves. */
  step(step: Step, extend: boolean): void {
    if (extend && !this.selection && !this.caret) this.setCaret(true);
    this.#dispatch({ step: { step, extend } });
  }

  /** Points at the next link or citation in view, or at the one before. */
  stepLink(forward: boolean): void {
    this.#dispatch({ step_link: { forward } });
  }

  /** Follows the link or citation that is pointed at. */
  followLink(): void {
    this.#dispatch('follow_link');
  }

  /** Takes hold of an end of the selection; what follows moves it and lets it go. */
  grab(end: boolean): {
    drag: (x: number, y: number) => void;
    drop: (x: number, y: number) => void;
  } {
    this.#dispatch({ grab: { end } });
    return {
      drag: (x, y) => this.#dispatch({ drag: { x, y } }),
      drop: (x, y) => this.#dispatch({ drop: { x, y } }),
    };
  }

  /** What is selected on each page. */
  passages(): Passage[] {
    const passages = this.#call((engine) => engine.passages());
    return JSON.parse(passages ?? '[]') as Passage[];
  }

  /**
   * The selected text, clean, or as a quotation with where it stands; null when nothing is selected, and while some
   * of it is on its way, which is told as a problem.
   */
  selectedText(cited = false): string | null {
    if (!this.selection) return null;
    const text = this.#call((engine) => engine.selectedText(cited));
    if (text === undefined) this.#report('selection.loading', this.selection.end.page);
    return text ?? null;
  }

  /** Copies the selected text; true when it is on the clipboard. */
  async copyText(cited = false): Promise<boolean> {
    if (!this.copies) return false;
    const text = this.selectedText(cited);
    if (text === null) return false;
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (cause) {
      console.error(cause);
      this.#report('selection.clipboard');
      return false;
    }
  }

  /**
   * Searches the volume in a worker that is loaded for it, and paints the hits on the pages; the query never
   * leaves the browser. Gives what was found material by material in reading order. A newer search, or the
   * signal, ends it without an error; a query that cannot be looked for fails with a code that says why.
   */
  async *search(query: string, signal?: AbortSignal, how?: How): AsyncGenerator<Found, void> {
    let first = true;
    for await (const found of this.#searching.search(query, signal, how)) {
      if (first) this.clearHits();
      first = false;
      this.showHits(found.hits);
      yield found;
    }
  }

  /** Loads what a search needs, ahead of it. */
  async prepareSearch(): Promise<void> {
    await this.#searching.prepare();
  }

  /** Paints these hits too. */
  showHits(hits: readonly PageHit[]): void {
    if (hits.length === 0) return;
    const flat = hits.flatMap(({ at, matches, exact }) => {
      const page = this.numbering.number(at);
      return page === null ? [] : [page, matches.length, exact, ...matches.flat()];
    });
    const packed = Uint32Array.from(flat);
    this.#call((engine) => engine.addHits(packed));
  }

  /** Paints no hits any more. */
  clearHits(): void {
    this.#dispatch('clear_hits');
  }

  /** Goes to a hit that is painted: which one on the page counts from 0. */
  goToHit(page: PageRef, nth: number): void {
    this.#dispatch({ show_hit: { page, nth } });
  }

  /**
   * Draws a whole page for paper, upright as its PDF has it, with its marks or without. Fails with an
   * `EvolumeError`.
   */
  async paper(page: PageRef, dpi: number, marks: boolean): Promise<OffscreenCanvas> {
    if (!this.#engine) throw new EvolumeError('viewer.panic');
    try {
      return await this.#engine.paper(JSON.stringify(page), dpi, marks);
    } catch (cause) {
      if (typeof cause === 'string') throw new EvolumeError(cause as Code);
      throw cause;
    }
  }

  /** What failed may work now: it is tried again. */
  retry(): void {
    this.#dispatch('retry');
  }

  setDark(dark: boolean): void {
    this.#call((engine) => engine.setDark(dark));
  }

  setLabels(labels: Labels): void {
    this.#surface.setLabels(labels);
  }

  /** Takes the keys, without the ring that shows those who press Tab where they are. */
  focus(): void {
    this.#surface.focus();
  }

  /** Ends everything and leaves the host empty. */
  destroy(): void {
    this.#closing.abort();
    this.#call((engine) => engine.destroy());
    this.#engine = null;
  }

  #take(manifest: Reading, addresses: Record<string, string>): void {
    const json = JSON.stringify(addresses);
    this.#call((engine) => engine.revise(manifest, json));
  }

  #learnt(manifest: Manifest): void {
    this.#searching.revise(manifest);
    this.emit('revise', manifest);
    // Whoever has told of a failure may take it back, and numbers may be others.
    if (this.status) this.emit('status', this.status);
  }

  #copy(event: ClipboardEvent): void {
    if (!this.selection) return;
    event.preventDefault();
    if (!this.copies) return;
    const text = this.selectedText();
    if (text !== null) event.clipboardData?.setData('text/plain', text);
  }

  #resized(): void {
    this.#call((engine) => engine.resize());
    this.#surface.place();
  }

  #dispatch(command: ViewerCommand): void {
    const json = JSON.stringify(command);
    this.#call((engine) => engine.dispatch(json));
  }

  /** A code that is thrown is reported; anything else has left the engine's memory in an unknown state. */
  #call<T>(action: (engine: Engine) => T): T | undefined {
    if (!this.#engine) return undefined;
    try {
      return action(this.#engine);
    } catch (cause) {
      console.error(cause);
      if (typeof cause === 'string') this.#report(cause as Code);
      else this.#panic();
      return undefined;
    }
  }

  #panic(): void {
    if (this.#engine) this.#report('viewer.panic');
  }

  #report(code: Code, page: PageRef | null = null): void {
    this.#receive({ type: 'problem', code, page });
  }

  #receive(message: EngineMessage): void {
    switch (message.type) {
      case 'status':
        this.status = message;
        // One is elsewhere before the first page is there.
        if (message.page !== this.#first) void this.whole();
        this.#surface.showStatus(message);
        return this.emit('status', message);
      case 'problem':
        if (message.code === 'viewer.panic') this.#engine = null;
        this.problem = { code: message.code, page: message.page };
        return this.emit('problem', this.problem);
      case 'selection':
        this.selection = message.selection;
        void this.#surface.showSelection(message.selection);
        return this.emit('selection', message.selection);
      case 'mark':
        return this.emit('mark', message.id);
      case 'read':
        return this.#surface.showTexts(message.pages, this.numbering);
      case 'follow':
        return this.emit('follow', message.destination);
      case 'link':
        return this.emit('link', message.link);
      case 'stage':
        return this.#reached(message.stage);
    }
  }

  #reached(stage: Stage): void {
    this.stage = stage;
    performance.mark(`evolume:${stage}`);
    if (stage === 'readable') allowPdfium();
    else void this.whole();
    if (stage !== 'opening') this.emit(stage, null);
  }
}
