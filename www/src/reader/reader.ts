// The reader: the pages in the middle, everything else around them.
import { localized, msg } from '@lit/localize';
import {
  type Code,
  EvolumeError,
  type EvolumeViewer,
  type Followed,
  type Manifest,
  type Passage,
  type Place,
  type Selection,
  type Status,
  type View,
  type ViewerProblem,
} from 'evolume';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { openStage, type Stage, takeEarly } from '../early.ts';
import { backIcon, catalogueIcon, markIcon, searchIcon, thumbnailsIcon } from '../icons.ts';
import { Following } from '../marks/following.ts';
import { handleMarkKey, type MarkWish } from '../marks/keys.ts';
import type { MarkList } from '../marks/mark-list.ts';
import type { Marks } from '../marks/marks.ts';
import { badge, badgeStyle } from '../parts/badge.ts';
import { controls } from '../parts/controls.ts';
import { pickFile } from '../local/pick.ts';
import { isLocal } from '../local/shelf.ts';
import '../parts/failure.ts';
import '../parts/settings-bar.ts';
import { isTyping } from '../parts/typing.ts';
import { Playing } from '../recordings/playing.ts';
import { type Find, parseRoute, volumeUrl } from '../route.ts';
import {
  firstPanel,
  isDark,
  narrowScreen,
  type Panel,
  remember,
  themeChanges,
} from '../settings.ts';
import { shortcuts } from '../shortcuts.ts';
import { viewerLabels, volumeTitle } from '../words.ts';
import './catalogue.ts';
import type { Away } from './link-bar.ts';
import './link-voice.ts';
import { Companions, type Reading } from './companions.ts';
import { keepViews } from './views.ts';
import { whenThere } from './settling.ts';
import { Patience } from './patience.ts';
import { PlaceKeeper } from './place-keeper.ts';
import { readerStyle } from './reader.style.ts';
import { ScanWatch } from './scan-watch.ts';
import type { SearchPanel } from './search-panel.ts';
import { SearchSession } from './search-session.ts';
import './siblings.ts';
import './status-line.ts';
import { Travel } from './travel.ts';
import { carryOut } from './tool-bar.ts';
import type { ViewWish } from './view-control.ts';
import type { ZoomWish } from './zoom-control.ts';

@localized()
@customElement('ev-reader')
export class Reader extends LitElement {
  @property({ attribute: false }) volume = '';
  @property({ attribute: false }) place: Place | undefined;
  /** Another place beside it. */
  @property({ attribute: false }) side: Place | undefined;
  /** What to look for when the page is there. */
  @property({ attribute: false }) find: Find | undefined;
  /** The lists alone, for a second screen. */
  @property({ attribute: false }) lists = false;
  @state() private manifest: Manifest | null = null;
  @state() private status: Status | null = null;
  @state() private problem: ViewerProblem | null = null;
  @state() private failure: Code | null = null;
  @state() private panel: Panel = firstPanel();
  @state() private narrow = narrowScreen.matches;
  /** The rest of the interface may load: the page is there. */
  @state() private settled = false;
  @state() private session: SearchSession | null = null;
  @state() private marks: Marks | null = null;
  @state() private selection: Selection | null = null;
  @state() private view: View | null = null;
  /** A link that leaves the volume, to be confirmed. */
  @state() private away: Away | null = null;
  @query('.pages') private host!: HTMLElement;
  @query('ev-search') private searchPanel?: SearchPanel;
  @query('ev-mark-list') private markList!: MarkList | null;

  #stage: Stage | null = null;
  #viewer: EvolumeViewer | null = null;
  #opening: AbortController | null = null;
  #marksOf: EvolumeViewer | null = null;
  #scans: ScanWatch | null = null;
  readonly #patience = new Patience(this);
  /** For the rest of a large volume. */
  readonly #whole = new Patience(this);
  readonly #keeper = new PlaceKeeper();
  readonly #travel = new Travel(this.#keeper);
  readonly #companions = new Companions(this, this.#keeper);
  readonly #playing: Playing = new Playing(this);
  protected readonly following = new Following(this, () => this.marks);

  static override styles = [controls, badgeStyle, readerStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    themeChanges.addEventListener('change', this.#themed);
    narrowScreen.addEventListener('change', this.#narrowed);
    addEventListener('pagehide', this.#keep);
    addEventListener('keydown', this.#hotKey);
    this.#travel.listen();
    this.#travel.addEventListener('arrive', this.#arrive);
    this.addEventListener('keydown', this.#markKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    themeChanges.removeEventListener('change', this.#themed);
    narrowScreen.removeEventListener('change', this.#narrowed);
    removeEventListener('pagehide', this.#keep);
    removeEventListener('keydown', this.#hotKey);
    this.#travel.unlisten();
    this.#travel.removeEventListener('arrive', this.#arrive);
    this.#close();
  }

  /** Once a frame is enough: a status comes with every step of the viewer. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.hasUpdated && !document.hidden) await new Promise(requestAnimationFrame);
    await super.scheduleUpdate();
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#viewer?.setLabels(viewerLabels());
    if (changed.has('side') || changed.has('volume')) this.#companions.setSide(this.side);
    // Another volume, chosen in the lists, leaves them alone too.
    if (changed.has('lists') && this.lists) {
      this.#companions.setLists(true);
      if (this.panel === 'none') this.panel = 'catalogue';
    }
    if (changed.has('volume')) void this.#open();
    else if (changed.has('place') && this.place) this.#viewer?.moveTo(this.place);
  }

  override render() {
    return html`
      ${this.#toolbar()}
      <div class="middle ${this.#companions.lists && !this.narrow ? 'lists' : ''}">
        ${this.#rail()} ${this.#panel()}
        <main class="pages" aria-busy=${!this.status?.readable && !this.failure}>
          ${this.#cover()}
          ${
            this.marks && this.selection && !this.failure
              ? html`<ev-mark-bar
                  .marks=${this.marks}
                  .selection=${this.selection}
                  @mark=${(event: CustomEvent<MarkWish>) => this.#mark(event.detail)}
                  @copy-text=${this.#copy}
                ></ev-mark-bar>`
              : nothing
          }
          ${
            this.away
              ? html`<ev-link-bar .away=${this.away} @done=${this.#stay}></ev-link-bar>`
              : nothing
          }
          <ev-link-voice .viewer=${this.#viewer}></ev-link-voice>
        </main>
        ${this.#companions.pane()} ${this.#playing.pane(this.#viewer, this.session)}
      </div>
      <ev-status-line
        .status=${this.status}
        .manifest=${this.failure ? null : this.manifest}
        .problem=${this.problem}
        .saving=${this.marks?.saving ?? null}
        .people=${this.marks?.people ?? []}
        @go-to=${this.#goTo}
        ?hidden=${this.failure !== null}
      ></ev-status-line>
    `;
  }

  #toolbar(): TemplateResult {
    const manifest = this.manifest;
    return html`<header>
      <div class="names">
        <a
          class="button icon"
          href="#/"
          title=${msg('返回案件列表')}
          aria-label=${msg('返回案件列表')}
          >${backIcon}</a
        >
        ${
          manifest
            ? html`<h1 title=${manifest.case_number}>${manifest.case_number}</h1>
                <span class="title" title="${manifest.case_title} · ${manifest.title}"
                  >${volumeTitle(manifest)}</span
                >
                ${isLocal(this.volume) ? nothing : badge(manifest.class)}`
            : nothing
        }
      </div>
      <ev-tool-bar
        .manifest=${this.manifest}
        .status=${this.status}
        .view=${this.view}
        .travel=${this.#travel}
        @go-to=${this.#goTo}
        @zoom=${this.#wish}
        @wish=${this.#wish}
      ></ev-tool-bar>
      ${this.narrow ? nothing : html`<ev-settings-bar class="settings"></ev-settings-bar>`}
    </header>`;
  }

  #rail(): TemplateResult {
    return html`<nav class="rail" aria-label=${msg('侧栏')}>
      ${this.#railButton('catalogue', msg('卷内目录'), catalogueIcon)}
      ${this.#railButton('thumbnails', msg('缩略图'), thumbnailsIcon)}
      ${this.#railButton('search', msg('搜索'), searchIcon)}
      ${this.#railButton('marks', msg('批注'), markIcon)}
      <div class="end">
        ${this.#companions.buttons(this.narrow)}
        ${this.narrow ? html`<ev-settings-bar></ev-settings-bar>` : nothing}
      </div>
    </nav>`;
  }

  #railButton(panel: Panel, label: string, icon: TemplateResult): TemplateResult {
    return html`<button
      class="icon"
      title=${label}
      aria-label=${label}
      aria-expanded=${this.panel === panel}
      @click=${() => this.#show(this.panel === panel && !this.#companions.lists ? 'none' : panel)}
    >
      ${icon}
    </button>`;
  }

  #panel(): TemplateResult | typeof nothing {
    if (this.panel === 'none') return nothing;
    // Thumbnails would compete with the page for the network.
    if (this.panel === 'thumbnails' && this.settled) void import('./thumbnails.ts');
    if (this.panel === 'search') void import('./search-panel.ts');
    return html`<aside class="panel" @keydown=${this.#panelKey}>
      ${
        this.#whole.waiting && !this.failure && this.panel !== 'search'
          ? html`<p class="rest" role="status">${msg('正在载入全卷')}</p>`
          : nothing
      }
      ${this.#panelContent(this.panel)}
      ${
        this.panel === 'catalogue' && this.settled && !isLocal(this.volume)
          ? keyed(this.volume, html`<ev-siblings .volume=${this.volume}></ev-siblings>`)
          : nothing
      }
    </aside>`;
  }

  #panelContent(panel: Exclude<Panel, 'none'>): TemplateResult {
    const page = this.status?.page ?? 0;
    switch (panel) {
      case 'thumbnails':
        return html`<h2>${msg('缩略图')}</h2>
          <ev-thumbnails
            .manifest=${this.manifest}
            .page=${page}
            @go-to=${this.#goTo}
          ></ev-thumbnails>`;
      case 'search':
        return html`<h2>${msg('搜索')}</h2>
          <ev-search
            .manifest=${this.manifest}
            .session=${this.session}
            @chosen=${this.#hitChosen}
            @leave=${this.#leavePanel}
          ></ev-search>`;
      case 'marks':
        return html`<h2>${msg('批注')}</h2>
          <ev-mark-list
            .marks=${this.marks}
            ?local=${isLocal(this.volume)}
            @go-to=${this.#goTo}
          ></ev-mark-list>`;
      case 'catalogue':
        return html`<h2>${msg('卷内目录')}</h2>
          <ev-catalogue
            .manifest=${this.manifest}
            .page=${page}
            @go-to=${this.#goTo}
          ></ev-catalogue>`;
    }
  }

  /** What lies over the pages while there are none. */
  #cover(): TemplateResult | typeof nothing {
    if (this.failure) {
      return html`<ev-failure
        class="cover"
        back
        code=${this.failure}
        @retry=${this.#retry}
      ></ev-failure>`;
    }
    if (!this.status) return this.#progress();
    if (this.status.pages === 0) return html`<p class="cover empty">${msg('此卷还没有材料')}</p>`;
    return this.status.readable ? nothing : this.#progress();
  }

  /** A line that runs, once the wait is long enough to be felt: drawing it costs what it waits for. */
  #progress(): TemplateResult | typeof nothing {
    return this.#patience.waiting ? html`<div class="progress"></div>` : nothing;
  }

  async #open(): Promise<void> {
    this.#close();
    this.#patience.note(false);
    const opening = new AbortController();
    this.#opening = opening;
    const early = takeEarly(this.volume);
    if (early) this.host.append(early.element);
    this.#stage = early ?? openStage(this.host, this.volume, this.place, opening.signal);
    try {
      const viewer = await this.#stage.viewer;
      // One that was opened early knows no signal.
      if (opening.signal.aborted) return viewer.destroy();
      this.#opened(viewer, opening.signal);
    } catch (cause) {
      if (opening.signal.aborted) return;
      console.error(cause);
      this.failure = EvolumeError.from(cause, 'viewer.panic').code;
    }
  }

  #opened(viewer: EvolumeViewer, signal: AbortSignal): void {
    this.#viewer = viewer;
    this.#scans = new ScanWatch(viewer);
    this.session = new SearchSession(viewer);
    this.session.marked = () => this.marks?.pages ?? [];
    this.session.addEventListener('leave', () => this.#travel.leave('search'));
    // For measurements, and for whoever is curious at the console.
    Object.assign(window, { evolume: viewer });
    viewer.setLabels(viewerLabels());
    viewer.focus();
    const follow = (status: Status): void => {
      this.status = status;
      this.#patience.note(status.readable);
      this.#whole.note(this.manifest !== null || viewer.stage === 'opening');
      // The trouble is over when everything in view has come after all.
      if (status.sharp && status.failed === 0) this.problem = null;
      this.#keeper.note(this.volume, status);
      this.#companions.note(status);
      this.marks?.setPage(status.page);
      if (this.settled && this.manifest) this.#playing.note(this.manifest, status);
    };
    const report = (problem: ViewerProblem): void => {
      if (problem.code === 'viewer.panic') this.#fail(problem.code);
      else this.problem = problem;
    };
    viewer.on('status', follow);
    viewer.on('problem', report);
    viewer.on('selection', (selection) => (this.selection = selection));
    viewer.on('mark', (id) => this.#chooseMark(id));
    this.view = viewer.view;
    viewer.on('view', (view) => (this.view = view));
    keepViews(this.volume, viewer);
    viewer.on('follow', (followed) => void this.#follow(followed));
    if (viewer.status) follow(viewer.status);
    if (viewer.problem) report(viewer.problem);
    const known = (manifest: Manifest): void => {
      this.manifest = manifest;
      this.#whole.note(true);
      document.title = `${manifest.case_number} ${manifest.title} - Evolume`;
    };
    whenThere(viewer, signal, known, (manifest) => {
      this.settled = true;
      if (this.status) this.#playing.note(manifest, this.status);
      void this.#startMarks(viewer, manifest);
      void this.#companions.start(this.#reading(viewer));
      this.#scans?.start();
      if (this.find) this.#lookFor(this.find);
    });
  }

  /** What a second place beside, and other windows, have to do with this one. */
  #reading(viewer: EvolumeViewer): Reading {
    return {
      volume: this.volume,
      viewer,
      session: this.session ?? new SearchSession(viewer),
      marks: () => this.marks,
      follow: (followed) => void this.#follow(followed),
      mark: ({ passages, wish }) => this.#markText(passages, wish),
      go: (hash) => {
        const route = parseRoute(hash);
        if (route.view !== 'volume') return;
        if (route.id !== this.volume) return this.#travel.go(hash);
        this.#travel.leave('jump');
        if (route.place) this.#viewer?.moveTo(route.place);
      },
    };
  }

  /** Annotations are loaded when the page is there, and never delay it. */
  async #startMarks(viewer: EvolumeViewer, manifest: Manifest): Promise<void> {
    if (isLocal(this.volume)) await import('../marks/mark-list.ts');
    if (this.marks || this.#viewer !== viewer || isLocal(this.volume)) return;
    try {
      const { Marks } = await import('../marks/index.ts');
      // Meanwhile another volume may have been opened, or this have been called again.
      if (this.#viewer !== viewer || this.#marksOf === viewer) return;
      this.#marksOf = viewer;
      this.marks = new Marks(volumeUrl(this.volume), manifest, viewer);
      await this.marks.start();
      this.marks.setPage(viewer.status?.page ?? 0);
    } catch (cause) {
      // The pages are readable without them.
      console.error(cause);
      this.problem = { code: EvolumeError.from(cause, 'server.gone').code, page: null };
    }
  }

  #mark(wish: MarkWish): void {
    const viewer = this.#viewer;
    if (!viewer?.selection) return;
    if (viewer.selection.whole) this.#markText(viewer.passages(), wish);
    else this.problem = { code: 'selection.loading', page: null };
  }

  #markText(passages: Passage[], { colour, note }: MarkWish): void {
    if (!this.marks) return;
    if (!this.marks.target) return this.#show('marks');
    const id = this.marks.add(passages, colour);
    if (id) this.#viewer?.deselect();
    if (!note || !id) return this.#viewer?.focus();
    this.#show('marks');
    void this.updateComplete.then(() => this.markList?.edit());
  }

  async #copy({ detail: { cited } }: CustomEvent<{ cited: boolean }>): Promise<void> {
    if (await this.#viewer?.copyText(cited)) this.#viewer?.deselect();
  }

  #chooseMark(id: string | null): void {
    this.marks?.choose(id);
    if (id && !this.narrow) this.#show('marks');
  }

  readonly #markKey = (event: KeyboardEvent): void => {
    const free = !event.defaultPrevented && !isTyping(event);
    if (free && (this.#playing.key(event) || this.#companions.key(event))) {
      return event.preventDefault();
    }
    if (!this.marks) return;
    const wish = handleMarkKey(event, this.marks, this.selection !== null);
    if (wish === false) return;
    event.preventDefault();
    if (wish !== true) this.#mark(wish);
  };

  #fail(code: Code): void {
    this.#keep();
    this.failure = code;
    this.#viewer?.destroy();
    this.#viewer = null;
  }

  #close(): void {
    this.#keep();
    this.#opening?.abort();
    this.#scans?.stop();
    this.#companions.end();
    this.#playing.end();
    this.session?.end();
    this.session = null;
    this.marks?.close();
    this.marks = null;
    this.selection = null;
    this.away = null;
    this.view = null;
    this.#viewer?.destroy();
    this.#viewer = null;
    this.#stage?.element.remove();
    this.#stage = null;
    this.#patience.note(true);
    this.#whole.note(true);
    this.manifest = null;
    this.status = null;
    this.problem = null;
    this.failure = null;
  }

  #retry(): void {
    // After a panic the WebAssembly instance cannot be used again; only a new page brings a new one.
    if (this.failure === 'viewer.panic') location.reload();
    else if (this.failure === 'local.gone') pickFile();
    else void this.#open();
  }

  #goTo(event: CustomEvent<number>): void {
    this.#travel.leave('jump');
    this.#viewer?.goTo(event.detail);
    if (this.narrow) this.panel = 'none';
    if (event.target instanceof HTMLElement && event.target.localName === 'ev-tool-bar') {
      this.#viewer?.focus();
    }
  }

  /** A link or a citation was clicked. */
  async #follow(followed: Followed): Promise<void> {
    if (followed.kind !== 'page') {
      const { leadAway } = await import('./follow.ts');
      const away = await leadAway(followed, this.volume);
      if (away && 'hash' in away) this.#travel.go(away.hash);
      else this.away = away;
      return;
    }
    this.#travel.leave('jump');
    this.#viewer?.goTo(followed.page);
  }

  readonly #stay = (): void => {
    this.away = null;
    this.#viewer?.focus();
  };

  /** Back or forward in the history: there, whether the address differs or not. */
  readonly #arrive = (): void => {
    const route = parseRoute(location.hash);
    if (route.view !== 'volume' || route.id !== this.volume) return;
    this.#companions.setSide(route.side);
    if (route.place) this.#viewer?.moveTo(route.place);
  };

  #wish({ detail }: CustomEvent<ViewWish | ZoomWish>): void {
    if (this.#viewer) carryOut(detail, this.#viewer);
  }

  #show(panel: Panel): void {
    if (this.panel === 'search') this.session?.hide();
    this.panel = panel;
    if (panel === 'search') void this.#beginSearch();
    // On a narrow screen the panel is only ever open for a moment.
    if (!this.narrow) remember('panel', panel);
  }

  /** Opens the search panel, with a query if there is one. */
  async #beginSearch(query?: string): Promise<void> {
    // The worker and its code come while the query is typed.
    void this.#viewer?.prepareSearch();
    this.session?.show();
    await import('./search-panel.ts');
    await this.updateComplete;
    await this.searchPanel?.begin(query);
  }

  /** Once: the address may stay as it is. */
  #lookFor({ query, tolerant }: Find): void {
    this.find = undefined;
    if (this.session) this.session.how = { tolerant };
    this.panel = 'search';
    void this.#beginSearch(query);
  }

  #hitChosen(): void {
    if (this.narrow) this.panel = 'none';
  }

  #leavePanel(): void {
    if (this.narrow) this.panel = 'none';
    this.#viewer?.focus();
  }

  readonly #hotKey = (event: KeyboardEvent): void => {
    if (!isTyping(event) && this.#travel.key(event)) return event.preventDefault();
    if (!this.#viewer || !shortcuts.find.fits(event)) return;
    event.preventDefault();
    this.panel = 'search';
    void this.#beginSearch(this.#viewer.selection?.quote.trim());
  };

  #panelKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    if (this.narrow) this.panel = 'none';
    this.#viewer?.focus();
  }

  readonly #keep = (): void => this.#keeper.flush();
  readonly #themed = (): void => this.#viewer?.setDark(isDark());
  readonly #narrowed = (): void => {
    this.narrow = narrowScreen.matches;
    if (this.narrow) this.panel = 'none';
  };
}
