// A viewer in a page: canvas, scrollbar and keys around the Rust engine.
import { requestWhole, until } from './completing.ts';
import type { Engine, Step } from './engine-face.ts';
import { EvolumeError } from './error.ts';
import { type EngineMessage, ViewerEventTarget, type ViewerProblem } from './events.ts';
import type {
  Arrangement,
  Code,
  Fit,
  Manifest,
  MarkPaint,
  Passage,
  Selection,
  Status,
  Tool,
  View,
} from './generated/index.ts';
import { handleKey, type KeyActions } from './keyboard.ts';
import type { Handles } from './handles.ts';
import type { LocalVolume } from './local.ts';
import { type Counted, counted, type Known, parse } from './known.ts';
import type { Opening } from './opening.ts';
import { ENGLISH, type Labels, type Place, type ViewerOptions } from './options.ts';
import { PageTexts } from './page-texts.ts';
import { requestDocument } from './request.ts';
import { Scrollbar } from './scrollbar.ts';
import type { Found, How, PageHit, Searcher } from './search.ts';
import { styles } from './style.ts';
import { isPlain, quarterMore } from './view.ts';
import { allowPdfium, startWorker } from './workers.ts';

/** Milliseconds for which the rest of a large volume waits for the first sharp page. */
const PATIENCE = 2_000;

export class EvolumeViewer extends ViewerEventTarget implements KeyActions, Known {
  /** The last one reported. */
  status: Status | null = null;
  /** The selected text. */
  selection: Selection | null = null;
  /** A caret shows, and the arrows move it. */
  caret = false;
  /** The last one reported. */
  problem: ViewerProblem | null = null;
  /** The marks that are painted. */
  marks: readonly MarkPaint[] = [];
  /** How the pages are arranged and turned. */
  view: View = { arrangement: 'continuous', turn: 0, turns: [] };
  /** How far the first view has come; the events `readable` and `sharp` tell when it changes. */
  stage: 'opening' | 'readable' | 'sharp' = 'opening';
  readonly #root = document.createElement('div');
  readonly #canvas = document.createElement('canvas');
  readonly #scrollbar = new Scrollbar((fraction) => this.scrollTo(fraction));
  readonly #texts = new PageTexts();
  readonly #closing = new AbortController();
  readonly #resizes = new ResizeObserver(() => this.#resized());
  /** The volume's address, absolute. */
  readonly #base: string;
  readonly #local: LocalVolume | undefined;
  #manifest: Manifest | null = null;
  readonly #opening: Opening;
  /** Which manifest the server gave last. */
  #tag: string | null;
  /** On its way. */
  #whole: Promise<Manifest> | null = null;
  #searcher: Searcher | null = null;
  /** Searches begun so far. */
  #searches = 0;
  #labels: Labels;
  #handles: Handles | null = null;
  /** What pointed last: only a finger needs handles. */
  #touched = false;
  /** Gone after `destroy` or a trap: WebAssembly memory is not to be trusted after a panic. */
  #engine: Engine | null = null;

  constructor(host: HTMLElement, opening: Opening, options: ViewerOptions) {
    super();
    this.#opening = opening;
    this.#tag = opening.tag ?? null;
    this.#labels = options.labels ?? ENGLISH;
    this.#base = new URL(options.volume, document.baseURI).href;
    this.#local = options.local;
    this.#build(host);
    this.#listen();
    try {
      this.#engine = new opening.engine.Viewer(
        this.#canvas,
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
    const view = options.view?.(opening.known);
    // Laying many pages out twice costs the first one.
    if (view && !isPlain(view)) this.setView(view);
    if (options.place) this.moveTo(options.place);
    this.#local?.addEventListener('revise', this.#revise, { signal: this.#closing.signal });
    // From here on pages are fetched.
    this.#resized();
    this.#observe();
  }

  /**
   * More becomes known of the pages while they are open; then `revise` is told. Of a large volume there is nothing
   * at first but what the first page needs: null.
   */
  get manifest(): Manifest | null {
    return (this.#manifest ??= this.#opening.known.manifest);
  }

  /** All materials, as far as they are known. */
  get materials(): readonly Counted[] {
    return this.#manifest ? counted(this.#manifest) : this.#opening.known.materials;
  }

  /** The manifest, as soon as it is there; rejects when the viewer ends before. */
  whole(): Promise<Manifest> {
    if (this.manifest) return Promise.resolve(this.manifest);
    if (!this.#whole) {
      this.#whole = this.#complete();
      // Told to whoever waits for it, and perhaps nobody does.
      this.#whole.catch(() => undefined);
    }
    return this.#whole;
  }

  /** What the pages are painted on. */
  get canvas(): HTMLCanvasElement {
    return this.#canvas;
  }

  /** What has the focus while one reads. */
  get element(): HTMLElement {
    return this.#root;
  }

  /** Goes to a place as it was once reported. */
  moveTo(place: Place): void {
    if (typeof place.zoom === 'number') this.zoomTo(place.zoom);
    else if (place.zoom) this.fit(place.zoom);
    this.#call((engine) => engine.restore(place.page, place.offset ?? 0));
  }

  goTo(page: number): void {
    this.#call((engine) => engine.goTo(page));
  }

  zoomTo(percent: number): void {
    this.#call((engine) => engine.zoomTo(percent));
  }

  zoomBy(factor: number): void {
    this.#call((engine) => engine.zoomBy(factor));
  }

  fit(mode: Fit): void {
    this.#call((engine) => engine.fit(mode));
  }

  scrollBy(dx: number, dy: number): void {
    this.#call((engine) => engine.scrollBy(dx, dy));
  }

  scrollScreens(count: number): void {
    this.scrollBy(0, count * this.#canvas.clientHeight);
  }

  scrollTo(fraction: number): void {
    this.#call((engine) => engine.scrollTo(fraction));
  }

  /** Arranges and turns the pages; the one in view stays. */
  setView(view: View): void {
    this.view = view;
    this.#call((engine) => engine.setView(JSON.stringify(view)));
    this.emit('view', view);
  }

  arrange(arrangement: Arrangement): void {
    this.setView({ ...this.view, arrangement });
  }

  /** Turns the page one is on by a quarter, clockwise. */
  turnPage(): void {
    const page = this.status?.page ?? 0;
    if (page === 0) return;
    const own = this.view.turns.find(([number]) => number === page);
    const others = this.view.turns.filter(([number]) => number !== page);
    const turn = quarterMore(own?.[1] ?? 0);
    this.setView({ ...this.view, turns: turn === 0 ? others : [...others, [page, turn]] });
  }

  /** Turns all pages by a quarter, clockwise. */
  turnAll(): void {
    this.setView({ ...this.view, turn: quarterMore(this.view.turn) });
  }

  /** What the main button does; `marquee` is for one frame. */
  setTool(tool: Tool): void {
    this.#call((engine) => engine.setTool(tool));
  }

  /** Takes a tool up, or puts it down. */
  toggleTool(tool: Tool): void {
    this.setTool(this.status?.tool === tool ? 'select' : tool);
  }

  /** Paints these marks over the pages, the last one on top. */
  setMarks(marks: readonly MarkPaint[]): void {
    this.marks = marks;
    this.#call((engine) => engine.setMarks(JSON.stringify(marks)));
  }

  /** Nothing is selected any more; where nothing was, the caret goes. */
  deselect(): void {
    if (this.caret && !this.selection) this.setCaret(false);
    this.#call((engine) => engine.deselect());
  }

  /** Selects the material one is in. */
  selectAll(): void {
    this.#call((engine) => engine.selectAll());
  }

  /** Shows a caret for the keyboard, or none any more. */
  setCaret(on: boolean): void {
    this.caret = on;
    this.#call((engine) => engine.setCaret(on));
  }

  /** Moves the caret, or the end of the selection that moves. */
  step(step: Step, extend: boolean): void {
    if (extend && !this.selection && !this.caret) this.setCaret(true);
    this.#call((engine) => engine.step(step, extend));
  }

  /** Points at the next link or citation in view, or at the one before. */
  stepLink(forward: boolean): void {
    this.#call((engine) => engine.stepLink(forward));
  }

  /** Follows the link or citation that is pointed at. */
  followLink(): void {
    this.#call((engine) => engine.followLink());
  }

  /** Takes hold of an end of the selection; what follows moves it and lets it go. */
  grab(end: boolean): {
    drag: (x: number, y: number) => void;
    drop: (x: number, y: number) => void;
  } {
    this.#call((engine) => engine.grab(end));
    return {
      drag: (x, y) => this.#call((engine) => engine.drag(x, y)),
      drop: (x, y) => this.#call((engine) => engine.drop(x, y)),
    };
  }

  /** What is selected on each page. */
  passages(): Passage[] {
    let passages: Passage[] = [];
    this.#call((engine) => (passages = JSON.parse(engine.passages()) as Passage[]));
    return passages;
  }

  /**
   * The selected text, clean, or as a quotation with where it stands; null when nothing is selected, and while some
   * of it is on its way, which is told as a problem.
   */
  selectedText(cited = false): string | null {
    if (!this.selection) return null;
    let text: string | undefined;
    this.#call((engine) => (text = engine.selectedText(cited)));
    if (text === undefined) {
      this.#receive({ type: 'problem', code: 'selection.loading', page: this.selection.end.page });
    }
    return text ?? null;
  }

  /** Copies the selected text; true when it is on the clipboard. */
  async copyText(cited = false): Promise<boolean> {
    const text = this.selectedText(cited);
    if (text === null) return false;
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (cause) {
      console.error(cause);
      this.#receive({ type: 'problem', code: 'selection.clipboard', page: null });
      return false;
    }
  }

  /**
   * Searches the volume in a worker that is loaded for it, and paints the hits on the pages; the query never
   * leaves the browser. Gives what was found material by material in reading order. A newer search, or the
   * signal, ends it without an error; a query that cannot be looked for fails with a code that says why.
   */
  async *search(query: string, signal?: AbortSignal, how?: How): AsyncGenerator<Found, void> {
    // Loading may let a newer call overtake this one.
    const call = ++this.#searches;
    const searcher = await this.#searching();
    if (!searcher || call !== this.#searches) return;
    let first = true;
    for await (const found of searcher.search(query, signal, how)) {
      if (first) this.clearHits();
      first = false;
      this.showHits(found.hits);
      yield found;
    }
  }

  /** Loads what a search needs, ahead of it. */
  async prepareSearch(): Promise<void> {
    (await this.#searching())?.prepare();
  }

  /** Paints these hits too. */
  showHits(hits: readonly PageHit[]): void {
    if (hits.length === 0) return;
    const flat = hits.flatMap(({ page, matches, exact }) => [
      page,
      matches.length,
      exact,
      ...matches.flat(),
    ]);
    this.#call((engine) => engine.addHits(Uint32Array.from(flat)));
  }

  /** Paints no hits any more. */
  clearHits(): void {
    this.#call((engine) => engine.clearHits());
  }

  /** Goes to a hit that is painted: which one on the page counts from 0. */
  goToHit(page: number, nth: number): void {
    this.#call((engine) => engine.showHit(page, nth));
  }

  /** Draws a whole page, upright as its PDF has it, for paper. Fails with an `EvolumeError`. */
  async paper(page: number, dpi: number): Promise<ImageData> {
    if (!this.#engine) throw new EvolumeError('viewer.panic');
    try {
      return await this.#engine.paper(page, dpi);
    } catch (cause) {
      if (typeof cause === 'string') throw new EvolumeError(cause as Code);
      throw cause;
    }
  }

  setDark(dark: boolean): void {
    this.#call((engine) => engine.setDark(dark));
  }

  setLabels(labels: Labels): void {
    this.#labels = labels;
    this.#root.setAttribute('aria-label', labels.document);
    this.#scrollbar.element.setAttribute('aria-label', labels.scrollbar);
    this.#texts.label(labels.page);
    if (this.status) this.#scrollbar.update(this.status, labels.page(this.status.page));
  }

  /** Takes the keys, without the ring that shows those who press Tab where they are. */
  focus(): void {
    this.#root.dataset['quiet'] = '';
    this.#root.focus({ preventScroll: true });
  }

  /** Ends everything and leaves the host empty. */
  destroy(): void {
    this.#closing.abort();
    this.#resizes.disconnect();
    this.#call((engine) => engine.destroy());
    this.#engine = null;
    this.#searcher?.destroy();
    this.#root.remove();
  }

  async #searching(): Promise<Searcher | null> {
    const whole = this.whole().catch(() => null);
    const [{ Searcher }] = await Promise.all([
      import('./search.ts'),
      whole,
      this.#local?.searchable,
    ]);
    // Of a reader's own file the texts are known by now.
    const known = this.#local?.manifest ?? this.manifest;
    if (this.#closing.signal.aborted || !known) return null;
    this.#searcher ??= new Searcher(known, this.#base, this.#local?.addresses);
    return this.#searcher;
  }

  /** Asks the server whether more is known of the pages, as scans are read; `revise` tells. */
  async refresh(): Promise<void> {
    const { signal } = this.#closing;
    const before = this.manifest;
    if (this.#local || !before) return;
    const newer = await requestDocument(`${this.#base}/manifest`, signal, this.#tag);
    if (!newer || signal.aborted) return;
    this.#tag = newer.tag;
    const manifest = parse(newer.bytes) as Manifest;
    // Where materials have come or gone, pages have other numbers: that is for who opens it anew.
    if (manifest.revision === before.revision || !samePages(manifest, before)) return;
    this.#call((engine) => engine.revise(newer.bytes, '{}'));
    this.#learn(manifest);
    this.#searcher?.revise(manifest);
  }

  readonly #revise = (): void => {
    const local = this.#local;
    if (!local) return;
    this.#call((engine) => engine.revise(local.bytes, JSON.stringify(local.addresses)));
    this.#learn(local.manifest);
  };

  #learn(manifest: Manifest): void {
    this.#manifest = manifest;
    this.emit('revise', manifest);
  }

  /** Gets the rest of a large volume. Reading it takes time that the first page does not have. */
  async #complete(): Promise<Manifest> {
    const { signal } = this.#closing;
    const address = `${this.#base}/manifests/${this.#opening.known.whole ?? ''}`;
    const bytes = await requestWhole(address, signal, (code) => {
      this.#receive({ type: 'problem', code, page: null });
    });
    await until(this, ({ readable, sharp }) => sharp || !readable, PATIENCE, signal);
    if (!document.hidden)
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    signal.throwIfAborted();
    this.#call((engine) => engine.revise(bytes, '{}'));
    // Both take a moment: a click in between is heard.
    await new Promise((done) => setTimeout(done));
    signal.throwIfAborted();
    const manifest = parse(bytes) as Manifest;
    this.#learn(manifest);
    // Whoever has told of a failure may take it back.
    if (this.status) this.emit('status', this.status);
    return manifest;
  }

  #build(host: HTMLElement): void {
    const shadow = this.#root.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    shadow.adoptedStyleSheets = [sheet];
    this.#canvas.id = 'canvas';
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.#scrollbar.element.hidden = true;
    shadow.append(this.#canvas, this.#texts.element, this.#scrollbar.element);
    this.#root.tabIndex = 0;
    this.#root.setAttribute('role', 'document');
    this.setLabels(this.#labels);
    host.append(this.#root);
  }

  #listen(): void {
    const { signal } = this.#closing;
    this.#root.addEventListener('blur', () => delete this.#root.dataset['quiet'], { signal });
    this.#root.addEventListener(
      'keydown',
      (event) => {
        if (handleKey(event, this)) event.preventDefault();
      },
      { signal },
    );
    this.#root.addEventListener(
      'pointerdown',
      (event) => {
        this.#touched = event.pointerType !== 'mouse';
      },
      { signal, capture: true },
    );
    this.#root.addEventListener('copy', (event) => this.#copy(event), { signal });
    // A trap inside a callback of the engine's own reaches nobody but the window.
    window.addEventListener('error', (event) => this.#suspect(event.error), { signal });
    window.addEventListener('unhandledrejection', (event) => this.#suspect(event.reason), {
      signal,
    });
  }

  #copy(event: ClipboardEvent): void {
    if (!this.selection) return;
    event.preventDefault();
    const text = this.selectedText();
    if (text !== null) event.clipboardData?.setData('text/plain', text);
  }

  async #placeHandles(): Promise<void> {
    if (!this.#touched) return this.#handles?.place(null);
    if (this.selection && !this.#handles) {
      const { Handles } = await import('./handles.ts');
      const shadow = this.#root.shadowRoot;
      if (shadow && !this.#closing.signal.aborted) {
        this.#handles ??= new Handles(shadow, (end) => this.grab(end));
      }
    }
    this.#handles?.place(this.selection);
  }

  #observe(): void {
    try {
      // Fires as well when the window moves to a screen of another density.
      this.#resizes.observe(this.#canvas, { box: 'device-pixel-content-box' });
    } catch {
      this.#resizes.observe(this.#canvas);
    }
  }

  #resized(): void {
    this.#call((engine) => engine.resize());
    this.#scrollbar.place();
  }

  #call(action: (engine: Engine) => void): void {
    if (!this.#engine) return;
    try {
      action(this.#engine);
    } catch (cause) {
      console.error(cause);
      this.#panic();
    }
  }

  #suspect(cause: unknown): void {
    if (cause instanceof WebAssembly.RuntimeError) this.#panic();
  }

  #panic(): void {
    if (!this.#engine) return;
    this.#engine = null;
    this.#receive({ type: 'problem', code: 'viewer.panic', page: null });
  }

  #receive(message: EngineMessage): void {
    switch (message.type) {
      case 'status':
        this.status = message;
        // One is elsewhere before the first page is there.
        if (message.page !== this.#opening.page) void this.whole();
        this.#scrollbar.update(message, this.#labels.page(message.page));
        return this.emit('status', message);
      case 'problem':
        if (message.code === 'viewer.panic') this.#engine = null;
        this.problem = { code: message.code, page: message.page };
        return this.emit('problem', this.problem);
      case 'selection':
        this.selection = message.selection;
        void this.#placeHandles();
        return this.emit('selection', message.selection);
      case 'mark':
        return this.emit('mark', message.id);
      case 'read':
        return this.#texts.update(message.pages);
      case 'follow':
        return this.emit('follow', message.followed);
      case 'link':
        return this.emit('link', message.link);
      case 'first-readable':
        this.stage = 'readable';
        allowPdfium();
        performance.mark('evolume:readable');
        return this.emit('readable', null);
      case 'first-sharp':
        this.stage = 'sharp';
        performance.mark('evolume:sharp');
        void this.whole();
        return this.emit('sharp', null);
    }
  }
}

/** Whether two manifests number the same pages alike. */
function samePages(one: Manifest, other: Manifest): boolean {
  const shape = ({ materials }: Manifest): string =>
    materials.map(({ id, pages }) => `${id} ${pages.length}`).join('\n');
  return shape(one) === shape(other);
}
