// The reader: the pages in the middle, everything else around them.
import { localized, msg } from '@lit/localize';
import type { CaseSummary, PageRef, Passage, Place } from 'evolume';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import '../bars/link-voice.ts';
import '../bars/status-line.ts';
import { carryOut } from '../bars/tool-bar.ts';
import type { ViewWish } from '../bars/view-control.ts';
import type { ZoomWish } from '../bars/zoom-control.ts';
import { SidePlace } from '../beside/side-place.ts';
import { caseOf } from '../cases/load.ts';
import { backIcon } from '../icons.ts';
import { pickFile } from '../local/pick.ts';
import { isLocal } from '../local/shelf.ts';
import type { MarkWish } from '../marks/mark-bar.ts';
import type { MarkList } from '../marks/mark-list.ts';
import { OpenVolume } from '../opening/open-volume.ts';
import { PlaceKeeper } from '../opening/place-keeper.ts';
import { Travel } from '../opening/travel.ts';
import { badge, badgeStyle } from '../parts/badge.ts';
import { controls } from '../parts/controls.ts';
import '../parts/failure.ts';
import type { KeyRouter } from '../parts/key-router.ts';
import { ObserveController } from '../parts/observe.ts';
import '../parts/settings-bar.ts';
import '../people/signed-out.ts';
import '../people/who-menu.ts';
import { PrintButton } from '../print/print-button.ts';
import { Playing } from '../recordings/playing.ts';
import { type Find, parseRoute } from '../route.ts';
import { isDark, themeChanges } from '../settings.ts';
import { OtherWindows } from '../windows/other-windows.ts';
import { viewerLabels, volumeTitle } from '../words.ts';
import { Panels } from './panels.ts';
import { readerKeys } from './reader-keys.ts';
import { readerStyle } from './reader.style.ts';

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
  /** Hears the keys. */
  @property({ attribute: false }) keys: KeyRouter | null = null;
  @state() private opened: OpenVolume | null = null;
  @query('.pages') private host!: HTMLElement;

  readonly #panels: Panels = new Panels(this, {
    opened: () => this.opened,
    alone: () => this.#windows.lists,
    goTo: (event) => this.#goTo(event),
  });
  readonly #keeper = new PlaceKeeper();
  readonly #travel = new Travel(this.#keeper);
  readonly #side = new SidePlace(this, this.#keeper, ({ passages, wish }) =>
    this.#markText(passages, wish),
  );
  readonly #windows = new OtherWindows(this, this.#keeper);
  readonly #printing = new PrintButton(this);
  readonly #playing: Playing = new Playing(this);
  protected readonly observing = [
    new ObserveController(this, () => this.opened),
    new ObserveController(this, () => this.opened?.marks ?? null),
  ];
  #forgetKeys: (() => void) | undefined;

  static override styles = [controls, badgeStyle, readerStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    themeChanges.addEventListener('change', this.#themed);
    addEventListener('pagehide', this.#keep);
    this.#travel.listen();
    this.#travel.addEventListener('arrive', this.#arrive);
    this.#forgetKeys = this.keys?.add(
      readerKeys({
        element: this,
        panel: () => this.#panels.element,
        volume: () => this.opened,
        travel: this.#travel,
        side: this.#side,
        printing: this.#printing,
        playing: this.#playing,
        search: () => this.#panels.search(this.opened?.viewer?.selection?.quote.trim()),
        mark: (wish) => this.#mark(wish),
        leavePanel: this.#panels.leave,
      }),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    themeChanges.removeEventListener('change', this.#themed);
    removeEventListener('pagehide', this.#keep);
    this.#travel.unlisten();
    this.#travel.removeEventListener('arrive', this.#arrive);
    this.#forgetKeys?.();
    this.#close();
  }

  /** Once a frame is enough: a status comes with every step of the viewer. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.hasUpdated && !document.hidden) await new Promise(requestAnimationFrame);
    await super.scheduleUpdate();
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.opened?.viewer?.setLabels(viewerLabels());
    if (changed.has('side') || changed.has('volume')) this.#side.set(this.side);
    // Another volume, chosen in the lists, leaves them alone too.
    if (changed.has('lists') && this.lists) {
      this.#windows.setLists(true);
      this.#panels.showAny();
    }
    if (changed.has('volume')) this.#open();
    else if (changed.has('place') && this.place) this.opened?.viewer?.moveTo(this.place);
  }

  override render() {
    const { opened } = this;
    return html`
      ${this.#toolbar()}
      <div class="middle ${this.#windows.lists && !this.#panels.narrow ? 'lists' : ''}">
        ${this.#panels.rail(this.#railEnd())} ${this.#panels.pane()}
        <main class="pages" aria-busy=${!opened?.status?.readable && !opened?.failure}>
          ${this.#cover()}
          ${
            opened?.marks && opened.selection && !opened.failure
              ? html`<ev-mark-bar
                  .marks=${opened.marks}
                  .selection=${opened.selection}
                  ?copies=${opened.may('copy')}
                  @entered=${() => opened.viewer?.focus()}
                  @mark=${(event: CustomEvent<MarkWish>) => this.#mark(event.detail)}
                  @copy-text=${(event: CustomEvent<{ cited: boolean }>) => opened.copy(event.detail.cited)}
                ></ev-mark-bar>`
              : nothing
          }
          ${this.#linkBar()}
          <ev-link-voice .viewer=${opened?.viewer ?? null}></ev-link-voice>
          ${isLocal(this.volume) ? nothing : html`<ev-signed-out></ev-signed-out>`}
        </main>
        ${this.#side.pane()} ${this.#player()}
      </div>
      <ev-status-line
        .status=${opened?.status ?? null}
        .manifest=${opened?.failure ? null : (opened?.manifest ?? null)}
        .problem=${opened?.problem ?? null}
        .saving=${opened?.marks?.saving ?? null}
        .people=${opened?.marks?.people ?? []}
        ?downloads=${opened?.may('download') ?? false}
        @go-to=${this.#goTo}
        ?hidden=${Boolean(opened?.failure)}
      ></ev-status-line>
    `;
  }

  #toolbar(): TemplateResult {
    const manifest = this.opened?.manifest;
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
        .manifest=${this.opened?.manifest ?? null}
        .status=${this.opened?.status ?? null}
        .view=${this.opened?.view ?? null}
        .travel=${this.#travel}
        @go-to=${this.#goTo}
        @zoom=${this.#wish}
        @wish=${this.#wish}
      ></ev-tool-bar>
      ${
        this.#panels.narrow
          ? nothing
          : html`<div class="settings">${this.#who()}<ev-settings-bar></ev-settings-bar></div>`
      }
    </header>`;
  }

  /** What lies over the pages while there are none. */
  #cover(): TemplateResult | typeof nothing {
    const { status = null, failure, waiting = false } = this.opened ?? {};
    // Once the wait is long enough to be felt: drawing it costs what it waits for.
    const progress = waiting ? html`<div class="progress"></div>` : nothing;
    if (failure) {
      return html`<ev-failure
        class="cover"
        back
        code=${failure}
        @retry=${this.#retry}
      ></ev-failure>`;
    }
    if (!status) return progress;
    if (status.pages === 0) return html`<p class="cover empty">${msg('此卷还没有材料')}</p>`;
    return status.readable ? nothing : progress;
  }

  #linkBar(): TemplateResult | typeof nothing {
    const { opened } = this;
    if (!opened?.away) return nothing;
    void import('../bars/link-bar.ts');
    return html`<ev-link-bar .away=${opened.away} @done=${() => opened.stay()}></ev-link-bar>`;
  }

  #railEnd(): TemplateResult {
    const { narrow } = this.#panels;
    return html`${this.opened?.settled ? this.#buttons(narrow) : nothing}
    ${narrow ? html`${this.#who()}<ev-settings-bar></ev-settings-bar>` : nothing}`;
  }

  #player(): TemplateResult | typeof nothing {
    const { viewer = null, session = null } = this.opened ?? {};
    return this.#playing.pane(viewer, session, this.opened?.may('download') ?? false);
  }

  #who(): TemplateResult {
    return html`<ev-who-menu .standing=${this.#standing}></ev-who-menu>`;
  }

  /** For what stands beside the pages; there is no room for it on a narrow screen. */
  #buttons(narrow: boolean): TemplateResult {
    const print = this.#printing.button();
    if (narrow) return html`${this.#windows.sendButton()}${print}`;
    if (this.#windows.lists) return this.#windows.pagesButton();
    return html`${this.#side.button()} ${this.#windows.buttons()} ${print}`;
  }

  #open(): void {
    this.#close();
    const open = new OpenVolume(this.volume, { keeper: this.#keeper, travel: this.#travel });
    this.opened = open;
    open.addEventListener('place', () => this.#moved(open));
    open.addEventListener('settled', () => this.#settled(open));
    open.addEventListener('mark', () => {
      if (!this.#panels.narrow) this.#panels.show('marks');
    });
    void open.open(this.host, this.place);
  }

  #close(): void {
    this.#side.end();
    this.#windows.end();
    this.#printing.end();
    this.#playing.end();
    this.opened?.close();
    this.opened = null;
  }

  #moved({ status, manifest, settled }: OpenVolume): void {
    if (!status) return;
    this.#windows.note();
    if (settled && manifest) this.#playing.note(manifest, status);
  }

  #settled(open: OpenVolume): void {
    this.#moved(open);
    this.#side.start(open);
    this.#printing.start(open);
    void this.#windows.start(open);
    const { find } = this;
    // Once: the address may stay as it is.
    this.find = undefined;
    if (!find) return;
    if (open.session) open.session.how = { tolerant: find.tolerant };
    this.#panels.search(find.query);
  }

  #mark(wish: MarkWish): void {
    const viewer = this.opened?.viewer;
    if (!viewer?.selection) return;
    if (viewer.selection.whole) this.#markText(viewer.passages(), wish);
    else this.opened?.report({ code: 'selection.loading', page: null });
  }

  #markText(passages: Passage[], { colour, note }: MarkWish): void {
    const { marks, viewer } = this.opened ?? {};
    if (!marks) return;
    if (!marks.target) return this.#writeInMarks((list) => list.askName());
    const id = marks.add(passages, colour);
    if (id) viewer?.deselect();
    if (!note || !id) return viewer?.focus();
    this.#writeInMarks((list) => list.edit());
  }

  /** Moves the cursor into the panel before the next key comes: what is typed is meant for the field. */
  #writeInMarks(begin: (list: MarkList) => Promise<void>): void {
    this.#panels.show('marks');
    // Not with the next frame.
    this.performUpdate();
    const { markList } = this.#panels;
    if (markList) void begin(markList);
  }

  #retry(): void {
    const failure = this.opened?.failure;
    // After a panic the WebAssembly instance cannot be used again; only a new page brings a new one.
    if (failure === 'viewer.panic') location.reload();
    else if (failure === 'local.gone') pickFile();
    else this.#open();
  }

  #goTo(event: CustomEvent<PageRef | number>): void {
    this.opened?.goTo(event.detail);
    this.#panels.yield();
    if (event.target instanceof HTMLElement && event.target.localName === 'ev-tool-bar') {
      this.opened?.viewer?.focus();
    }
  }

  /** Back or forward in the history: there, whether the address differs or not. */
  readonly #arrive = (): void => {
    const route = parseRoute(location.hash);
    if (route.view !== 'volume' || route.id !== this.volume) return;
    this.#side.set(route.side);
    if (route.place) this.opened?.viewer?.moveTo(route.place);
  };

  #wish({ detail }: CustomEvent<ViewWish | ZoomWish>): void {
    const viewer = this.opened?.viewer;
    if (viewer) carryOut(detail, viewer);
  }

  readonly #standing = (): Promise<CaseSummary | null> =>
    isLocal(this.volume) ? Promise.resolve(null) : caseOf(this.volume);
  readonly #keep = (): void => this.#keeper.flush();
  readonly #themed = (): void => this.opened?.viewer?.setDark(isDark());
}
