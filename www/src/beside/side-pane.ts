// A second place of the volume beside the first, with marks, search hits and links like it.
import { localized, msg, str } from '@lit/localize';
import {
  EvolumeError,
  type EvolumeViewer,
  type LinkDestination,
  type PageRef,
  type Passage,
  type Place,
  type Selection,
  type Status,
} from 'evolume';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { openStage } from '../opening/stage.ts';
import { closeIcon, lockIcon, unlockIcon } from '../icons.ts';
import type { MarkWish } from '../marks/mark-bar.ts';
import type { Marks } from '../marks/marks.ts';
import { controls } from '../parts/controls.ts';
import { isDark, themeChanges } from '../settings.ts';
import { explain } from '../problems.ts';
import { Lockstep } from './lockstep.ts';
import '../bars/page-box.ts';
import type { SearchSession } from '../search/search-session.ts';

/** What is to be marked, and how. */
export type SideMark = { passages: Passage[]; wish: MarkWish };

@localized()
@customElement('ev-side-pane')
export class SidePane extends LitElement {
  /** Text may be taken out of the pages. */
  @property({ type: Boolean }) copies = false;
  @property({ attribute: false }) volume = '';
  @property({ attribute: false }) place: Place | undefined;
  @property({ attribute: false }) main: EvolumeViewer | null = null;
  @property({ attribute: false }) marks: Marks | null = null;
  @property({ attribute: false }) session: SearchSession | null = null;
  @state() private status: Status | null = null;
  @state() private selection: Selection | null = null;
  @state() private lock: Lockstep | null = null;
  @state() private failure = '';
  @query('.pages') private host!: HTMLElement;

  #viewer: EvolumeViewer | null = null;
  readonly #ending = new AbortController();
  /** Lets go of what the marks and the search paint here. */
  #letGo: (() => void)[] = [];

  static override styles = [
    controls,
    css`
      :host {
        flex: 1;
        display: flex;
        flex-direction: column;
        min-width: 0;
        border-left: 1px solid var(--line);
        background: var(--ground);
      }

      header {
        flex: none;
        display: flex;
        align-items: center;
        gap: 4px;
        height: calc(var(--control) + 4px);
        padding: 0 4px 0 12px;
        border-bottom: 1px solid var(--line);
        background: var(--bar);
        font-size: 13px;
      }

      .title {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        color: var(--quiet);
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .pages {
        position: relative;
        flex: 1;
        min-height: 0;
      }

      .stage {
        position: absolute;
        inset: 0;
      }

      p {
        margin: 24px;
        color: var(--quiet);
        text-align: center;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    themeChanges.addEventListener('change', this.#themed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    themeChanges.removeEventListener('change', this.#themed);
    this.#ending.abort();
    this.lock?.end();
    this.#release();
    this.#viewer?.destroy();
    this.#viewer = null;
  }

  protected override firstUpdated(): void {
    void this.#open();
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('marks') || changed.has('session')) this.#share();
  }

  override render(): TemplateResult {
    const { status } = this;
    const locked = this.lock !== null;
    const lock = locked ? msg('不再同步滚动') : msg('两侧同步滚动');
    return html`<header>
        <ev-page-box
          .page=${status?.page ?? 0}
          .pages=${status?.pages ?? 0}
          @go-to=${(event: CustomEvent<number>) => this.#goTo(event.detail)}
        ></ev-page-box>
        <span class="title">${this.#title()}</span>
        <button
          class="icon"
          title=${lock}
          aria-label=${lock}
          aria-pressed=${locked}
          ?disabled=${!status}
          @click=${this.#toggleLock}
        >
          ${locked ? lockIcon : unlockIcon}
        </button>
        <button
          class="icon"
          title=${msg('关闭右侧')}
          aria-label=${msg('关闭右侧')}
          @click=${() => this.dispatchEvent(new Event('close'))}
        >
          ${closeIcon}
        </button>
      </header>
      <div class="pages">
        ${this.failure ? html`<p role="alert">${this.failure}</p>` : nothing}
        ${
          this.marks && this.selection
            ? html`<ev-mark-bar
                .marks=${this.marks}
                .selection=${this.selection}
                ?copies=${this.copies}
                @entered=${() => this.#viewer?.focus()}
                @mark=${this.#mark}
                @copy-text=${this.#copy}
              ></ev-mark-bar>`
            : nothing
        }
      </div>`;
  }

  #title(): string {
    const material = this.#viewer?.manifest?.materials[this.status?.material ?? 0];
    if (!material || !this.status) return '';
    return msg(str`${material.title} 第${this.status.page_in_material}页`);
  }

  async #open(): Promise<void> {
    const { signal } = this.#ending;
    const stage = openStage(
      this.host,
      this.volume,
      { page: 1, zoom: 'width', ...this.place },
      signal,
    );
    let viewer: EvolumeViewer;
    try {
      viewer = await stage.viewer;
    } catch (cause) {
      if (signal.aborted) return;
      console.error(cause);
      this.failure = explain(EvolumeError.from(cause, 'viewer.panic').code).title;
      return;
    }
    this.#viewer = viewer;
    viewer.on('status', (status) => this.#told(status));
    viewer.on('revise', () => this.requestUpdate());
    viewer.on('selection', (selection) => {
      this.selection = selection;
      this.dispatchEvent(new CustomEvent('selection', { detail: selection }));
    });
    viewer.on('mark', (id) => this.marks?.choose(id));
    viewer.on('follow', (followed) => this.#follow(followed));
    if (viewer.status) this.#told(viewer.status);
    this.#share();
    viewer.focus();
  }

  #told(status: Status): void {
    this.status = status;
    const { page, at, offset } = status;
    const detail: Place = { page, at, offset };
    this.dispatchEvent(new CustomEvent<Place>('place', { detail }));
  }

  /** Lets the marks and the search paint here too. */
  #share(): void {
    this.#release();
    const viewer = this.#viewer;
    if (!viewer) return;
    for (const source of [this.marks, this.session]) {
      if (source) this.#letGo.push(source.attach(viewer));
    }
  }

  #release(): void {
    for (const letGo of this.#letGo) letGo();
    this.#letGo = [];
  }

  #follow(followed: LinkDestination): void {
    if (followed.kind === 'page') this.#goTo(followed.page);
    else this.dispatchEvent(new CustomEvent<LinkDestination>('follow', { detail: followed }));
  }

  #goTo(page: PageRef | number): void {
    this.#viewer?.goTo(page);
    this.#viewer?.focus();
  }

  #mark(event: CustomEvent<MarkWish>): void {
    if (!this.#viewer?.selection?.whole) return;
    const detail: SideMark = { passages: this.#viewer.passages(), wish: event.detail };
    this.dispatchEvent(new CustomEvent<SideMark>('mark', { detail }));
    this.#viewer.deselect();
  }

  async #copy({ detail: { cited } }: CustomEvent<{ cited: boolean }>): Promise<void> {
    if (this.copies && (await this.#viewer?.copyText(cited))) this.#viewer?.deselect();
  }

  #toggleLock(): void {
    const [main, viewer] = [this.main, this.#viewer];
    const was = this.lock;
    was?.end();
    this.lock = !was && main && viewer ? new Lockstep(main, viewer) : null;
  }

  readonly #themed = (): void => this.#viewer?.setDark(isDark());
}
