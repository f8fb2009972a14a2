// The list of cases with their volumes.
import { localized, msg, str } from '@lit/localize';
import { type CaseSummary, type Code, EvolumeError, type VolumeSummary } from 'evolume';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { openIcon, peopleIcon, rightIcon, searchIcon, volumeIcon } from '../icons.ts';
import { pickFile } from '../local/pick.ts';
import { badge, badgeStyle } from '../parts/badge.ts';
import { controls } from '../parts/controls.ts';
import '../parts/failure.ts';
import '../parts/settings-bar.ts';
import { who } from '../people/who.ts';
import '../people/who-menu.ts';
import { roleNames } from '../people/words.ts';
import { type Find, findHash, membersHash, volumeHash } from '../route.ts';
import { materialCount, pageCount } from '../words.ts';
import { caseListStyle } from './case-list.style.ts';
import './case-search.ts';
import { filterCases, loadCases } from './load.ts';

@localized()
@customElement('ev-case-list')
export class CaseList extends LitElement {
  /** What is looked for in all volumes. */
  @property({ attribute: false }) find: Find | undefined;
  @state() private cases: CaseSummary[] | null = null;
  @state() private failure: Code | null = null;
  @state() private query = '';

  static override styles = [controls, badgeStyle, caseListStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Evolume';
    void this.#load();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('find')) this.query = this.find?.query ?? '';
  }

  override render() {
    return html`
      <header>
        <h1><span>Evolume</span>${msg('案件')}</h1>
        ${this.#filter()}
        <button class="plain open" title=${msg('只在本机打开，不上传')} @click=${pickFile}>
          ${openIcon}<span>${msg('打开本机文件')}</span>
        </button>
        <ev-who-menu></ev-who-menu>
        <ev-settings-bar></ev-settings-bar>
      </header>
      <main aria-busy=${this.cases === null && this.failure === null}>${this.#content()}</main>
    `;
  }

  #filter(): TemplateResult {
    return html`<label class="filter" ?hidden=${!this.find && !this.cases?.length}>
      ${searchIcon}
      <input
        type="search"
        autocomplete="off"
        spellcheck="false"
        enterkeyhint="search"
        placeholder=${msg('案号、案由、法院；按回车检索全部案卷')}
        aria-label=${msg('筛选案件；按回车检索全部案卷')}
        .value=${this.query}
        @input=${(event: InputEvent) => {
          this.query = (event.target as HTMLInputElement).value;
        }}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Enter' && !event.isComposing) this.#searchAll();
        }}
      />
    </label>`;
  }

  #content(): TemplateResult | TemplateResult[] {
    if (this.find) return html`<ev-case-search .find=${this.find}></ev-case-search>`;
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
      return html`<div class="empty">
        <p role="status">${msg(str`没有符合“${this.query}”的案件`)}</p>
        <button class="plain" @click=${this.#searchAll}>${msg('在全部案卷中检索')}</button>
      </div>`;
    }
    return html`${found.map((one) => this.#case(one))} ${this.#offer()}`;
  }

  /** Below the cases that a name fits: the same in their pages. */
  #offer(): TemplateResult | typeof nothing {
    if (!this.query.trim()) return nothing;
    return html`<button class="plain offer" @click=${this.#searchAll}>
      ${searchIcon} ${msg(str`在全部案卷中检索“${this.query.trim()}”`)}
    </button>`;
  }

  #searchAll(): void {
    const query = this.query.trim();
    location.hash = query ? findHash({ query, tolerant: this.find?.tolerant ?? false }) : '#/';
  }

  #case(one: CaseSummary): TemplateResult {
    return html`<section aria-labelledby="case-${one.id}">
      <div class="case">
        <h2 id="case-${one.id}">${one.number}</h2>
        <span class="title" title=${one.title}>${one.title}</span>
        <span class="court">${one.court}</span>
        ${this.#standing(one)}
      </div>
      <ul>
        ${one.volumes.map((volume) => this.#volume(volume))}
        ${one.volumes.length === 0 ? html`<li class="none">${msg('此案还没有卷')}</li>` : ''}
      </ul>
    </section>`;
  }

  /** What one is to the case, and the way to its members for whoever may name them. */
  #standing(one: CaseSummary): TemplateResult | typeof nothing {
    if (!who.session?.account) return nothing;
    const roles = (one.roles ?? []).filter((role) => role !== 'public' && role !== 'administrator');
    return html`${
      roles.length > 0
        ? html`<span class="role" title=${msg('您在本案的身份')}>${roleNames(roles)}</span>`
        : nothing
    }
    ${
      one.grants
        ? html`<a
            class="button icon"
            href=${membersHash(one.id)}
            title=${msg('案件成员')}
            aria-label="${msg('案件成员')} ${one.number}"
            >${peopleIcon}</a
          >`
        : nothing
    }`;
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
      const [cases] = await Promise.all([loadCases(), who.current()]);
      // A stranger has perhaps only to sign in.
      if (cases.length === 0 && (await who.askStranger())) return;
      this.cases = cases;
    } catch (cause) {
      this.failure = EvolumeError.from(cause, 'server.internal').code;
    }
  }
}
