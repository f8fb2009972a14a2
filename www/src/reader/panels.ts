// The rail and the panel beside the pages: which one is open, and what it shows.
import { msg } from '@lit/localize';
import type { PageRef } from 'evolume';
import { html, type LitElement, nothing, type ReactiveController, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { catalogueIcon, markIcon, searchIcon, thumbnailsIcon } from '../icons.ts';
import type { MarkList } from '../marks/mark-list.ts';
import type { OpenVolume } from '../opening/open-volume.ts';
import '../panels/catalogue.ts';
import '../panels/siblings.ts';
import type { SearchPanel } from '../search/search-panel.ts';
import { firstPanel, narrowScreen, type Panel } from '../settings.ts';
import { remember } from '../storage.ts';

/** The reader that the panels belong to. */
type Owner = {
  opened: () => OpenVolume | null;
  /** The lists stand alone: one of them is always open. */
  alone: () => boolean;
  goTo: (event: CustomEvent<PageRef | number>) => void;
};

export class Panels implements ReactiveController {
  readonly #host: LitElement;
  readonly #owner: Owner;
  #panel: Panel = firstPanel();

  constructor(host: LitElement, owner: Owner) {
    this.#host = host;
    this.#owner = owner;
    host.addController(this);
  }

  /** On a narrow screen a panel lies over the pages, and is only ever open for a moment. */
  get narrow(): boolean {
    return narrowScreen.matches;
  }

  /** The element of the open panel. */
  get element(): Element | null {
    return this.#host.renderRoot.querySelector('.panel');
  }

  get markList(): MarkList | null {
    return this.#host.renderRoot.querySelector('ev-mark-list');
  }

  hostConnected(): void {
    narrowScreen.addEventListener('change', this.#narrowed);
  }

  hostDisconnected(): void {
    narrowScreen.removeEventListener('change', this.#narrowed);
  }

  show(panel: Panel): void {
    const opened = this.#owner.opened();
    if (this.#panel === 'search') opened?.session?.hide();
    this.#set(panel);
    if (panel === 'search') void this.#beginSearch();
    if (!this.narrow) remember('panel', panel);
  }

  /** Opens the search panel, with a query if there is one. */
  search(query?: string): void {
    this.#set('search');
    void this.#beginSearch(query);
  }

  /** Opens some panel, where none is. */
  showAny(): void {
    if (this.#panel === 'none') this.#set('catalogue');
  }

  /** Gives the pages the room back that they have no other of. */
  yield(): void {
    if (this.narrow) this.#set('none');
  }

  /** Goes back to the pages. */
  readonly leave = (): void => {
    this.yield();
    this.#owner.opened()?.viewer?.focus();
  };

  /** `end` stands at the foot of the rail. */
  rail(end: unknown): TemplateResult {
    return html`<nav class="rail" aria-label=${msg('侧栏')}>
      ${this.#button('catalogue', msg('卷内目录'), catalogueIcon)}
      ${this.#button('thumbnails', msg('缩略图'), thumbnailsIcon)}
      ${this.#button('search', msg('搜索'), searchIcon)}
      ${this.#button('marks', msg('批注'), markIcon)}
      <div class="end">${end}</div>
    </nav>`;
  }

  /** The open panel, or nothing. */
  pane(): TemplateResult | typeof nothing {
    const opened = this.#owner.opened();
    const panel = this.#panel;
    if (panel === 'none') return nothing;
    load(panel, opened?.settled ?? false);
    return html`<aside class="panel">
      ${
        opened?.waitingForRest && !opened.failure && panel !== 'search'
          ? html`<p class="rest" role="status">${msg('正在载入全卷')}</p>`
          : nothing
      }
      ${this.#content(panel, opened)}
      ${
        panel === 'catalogue' && opened?.settled && !opened.local
          ? keyed(opened.id, html`<ev-siblings .volume=${opened.id}></ev-siblings>`)
          : nothing
      }
    </aside>`;
  }

  #button(panel: Panel, label: string, icon: TemplateResult): TemplateResult {
    const open = this.#panel === panel;
    return html`<button
      class="icon"
      title=${label}
      aria-label=${label}
      aria-expanded=${open}
      @click=${() => this.show(open && !this.#owner.alone() ? 'none' : panel)}
    >
      ${icon}
    </button>`;
  }

  #content(panel: Exclude<Panel, 'none'>, opened: OpenVolume | null): TemplateResult {
    const { manifest = null, session = null, marks = null, local = false } = opened ?? {};
    const page = opened?.status?.page ?? 0;
    const { goTo } = this.#owner;
    switch (panel) {
      case 'thumbnails':
        return html`<h2>${msg('缩略图')}</h2>
          <ev-thumbnails .manifest=${manifest} .page=${page} @go-to=${goTo}></ev-thumbnails>`;
      case 'search':
        return html`<h2>${msg('搜索')}</h2>
          <ev-search
            .manifest=${manifest}
            .session=${session}
            @chosen=${() => this.yield()}
            @leave=${this.leave}
          ></ev-search>`;
      case 'marks':
        return html`<h2>${msg('批注')}</h2>
          <ev-mark-list
            .marks=${marks}
            ?local=${local}
            @go-to=${goTo}
            @entered=${this.leave}
          ></ev-mark-list>`;
      case 'catalogue':
        return html`<h2>${msg('卷内目录')}</h2>
          <ev-catalogue .manifest=${manifest} .page=${page} @go-to=${goTo}></ev-catalogue>`;
    }
  }

  async #beginSearch(query?: string): Promise<void> {
    const opened = this.#owner.opened();
    // The worker and its code load while the query is typed.
    void opened?.viewer?.prepareSearch();
    opened?.session?.show();
    await import('../search/search-panel.ts');
    await this.#host.updateComplete;
    await this.#host.renderRoot.querySelector<SearchPanel>('ev-search')?.begin(query);
  }

  #set(panel: Panel): void {
    this.#panel = panel;
    this.#host.requestUpdate();
  }

  readonly #narrowed = (): void => {
    this.yield();
    this.#host.requestUpdate();
  };
}

/** What a panel is made of; most of it would compete with the page for the network. */
function load(panel: Panel, settled: boolean): void {
  if (panel === 'search') void import('../search/search-panel.ts');
  if (!settled) return;
  if (panel === 'thumbnails') void import('../panels/thumbnails.ts');
  if (panel === 'marks') void import('../marks/mark-list.ts');
}
