// The list of cases with their volumes.
import { localized, msg, str } from '@lit/localize';
import { type CaseSummary, type Code, EvolumeError, type VolumeSummary } from 'evolume';
import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { openIcon, rightIcon, searchIcon, volumeIcon } from '../icons.ts';
import { pickFile } from '../local/pick.ts';
import { badge, badgeStyle } from '../parts/badge.ts';
import { controls } from '../parts/controls.ts';
import '../parts/failure.ts';
import '../parts/settings-bar.ts';
import { volumeHash } from '../route.ts';
import { materialCount, pageCount } from '../words.ts';
import { caseListStyle } from './case-list.style.ts';
import { filterCases, loadCases } from './load.ts';

/** From this many cases on a filter is of use. */
const FILTER_FROM = 4;

@localized()
@customElement('ev-case-list')
export class CaseList extends LitElement {
  @state() private cases: CaseSummary[] | null = null;
  @state() private failure: Code | null = null;
  @state() private query = '';

  static override styles = [controls, badgeStyle, caseListStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Evolume';
    void this.#load();
  }

  override render() {
    return html`
      <header>
        <h1><span>Evolume</span>${msg('案件')}</h1>
        ${this.#filter()}
        <button class="plain open" title=${msg('只在本机打开，不上传')} @click=${pickFile}>
          ${openIcon}<span>${msg('打开本机文件')}</span>
        </button>
        <ev-settings-bar></ev-settings-bar>
      </header>
      <main aria-busy=${this.cases === null && this.failure === null}>${this.#content()}</main>
    `;
  }

  #filter(): TemplateResult {
    const shown = (this.cases?.length ?? 0) >= FILTER_FROM;
    return html`<label class="filter" ?hidden=${!shown}>
      ${searchIcon}
      <input
        type="search"
        placeholder=${msg('案号、案由、法院')}
        aria-label=${msg('筛选案件')}
        .value=${this.query}
        @input=${(event: InputEvent) => {
          this.query = (event.target as HTMLInputElement).value;
        }}
      />
    </label>`;
  }

  #content(): TemplateResult | TemplateResult[] {
    if (this.failure) {
      return html`<ev-failure code=${this.failure} @retry=${this.#load}></ev-failure>`;
    }
    if (!this.cases) return this.#skeleton();
    if (this.cases.length === 0) {
      return html`<div class="empty">
        ${volumeIcon}
        <h2>${msg('还没有案件')}</h2>
        <p>${msg('案件导入后会出现在这里。')}</p>
      </div>`;
    }
    const found = filterCases(this.cases, this.query);
    if (found.length === 0) {
      return html`<p class="empty" role="status">${msg(str`没有符合“${this.query}”的案件`)}</p>`;
    }
    return found.map((one) => this.#case(one));
  }

  #case(one: CaseSummary): TemplateResult {
    return html`<section aria-labelledby="case-${one.id}">
      <div class="case">
        <h2 id="case-${one.id}">${one.number}</h2>
        <span class="title" title=${one.title}>${one.title}</span>
        <span class="court">${one.court}</span>
      </div>
      <ul>
        ${one.volumes.map((volume) => this.#volume(volume))}
        ${one.volumes.length === 0 ? html`<li class="none">${msg('此案还没有卷')}</li>` : ''}
      </ul>
    </section>`;
  }

  #volume(volume: VolumeSummary): TemplateResult {
    return html`<li>
      <a href=${volumeHash(volume.id)}>
        ${badge(volume.class)}
        <span class="name" title=${volume.title}>${volume.title}</span>
        <span class="materials">${materialCount(volume.materials)}</span>
        <span class="pages">${pageCount(volume.pages)}</span>
        ${rightIcon}
      </a>
    </li>`;
  }

  #skeleton(): TemplateResult {
    return html`<span class="hidden" role="status">${msg('正在载入案件')}</span> ${[3, 2].map(
        (rows) =>
          html`<section class="skeleton" aria-hidden="true">
            <div class="case"><i></i></div>
            <ul>
              ${Array.from({ length: rows }, () => html`<li><i></i></li>`)}
            </ul>
          </section>`,
      )}`;
  }

  async #load(): Promise<void> {
    this.failure = null;
    this.cases = null;
    try {
      this.cases = await loadCases();
    } catch (cause) {
      this.failure = EvolumeError.from(cause, 'server.internal').code;
    }
  }
}
