// A search of all volumes that one may read: by case and volume, the pages with what was looked for.
import { localized, msg, str } from '@lit/localize';
import { type Code, type CaseHit, EvolumeError } from 'evolume';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { badge, badgeStyle } from '../parts/badge.ts';
import { controls } from '../parts/controls.ts';
import '../parts/failure.ts';
import { type Find, findHash, pageHash } from '../route.ts';
import { explain, QUERY_FAULTS } from '../problems.ts';
import { caseSearchStyle } from './case-search.style.ts';
import { searchCases } from './load.ts';

/** What has come so far. */
type Found = Awaited<ReturnType<typeof searchCases>>;

/** Neighbours in the answer that are of the same volume, and equally close. */
type Group = { first: CaseHit; hits: CaseHit[] };

@localized()
@customElement('ev-case-search')
export class CaseSearch extends LitElement {
  @property({ attribute: false }) find: Find | undefined;
  @state() private found: Found | null = null;
  @state() private failure: Code | null = null;
  @state() private running = false;

  #stop: AbortController | null = null;

  static override styles = [controls, badgeStyle, caseSearchStyle];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('find')) void this.#search();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.abort();
  }

  override render() {
    const { find } = this;
    if (!find) return nothing;
    const other: Find = { ...find, tolerant: !find.tolerant };
    return html`
      <div class="summary">
        <p role="status">${this.#summary(find)}</p>
        <a
          class="button plain"
          role="switch"
          aria-checked=${find.tolerant}
          title=${msg('也找有一字之差的词，例如扫描件识别错的字')}
          href=${findHash(other)}
          >${msg('容错')}</a
        >
        <a class="button plain" href="#/">${msg('返回案件列表')}</a>
      </div>
      ${this.#content(find)}
    `;
  }

  #summary(find: Find): string {
    if (this.failure) return '';
    if (!this.found) return msg('正在检索全部案卷');
    const { total, matches } = this.found;
    return total === 0
      ? msg(str`没有找到“${find.query}”`)
      : msg(str`“${find.query}”共 ${total} 页 ${matches} 处`);
  }

  #content(find: Find): TemplateResult | TemplateResult[] | typeof nothing {
    if (this.failure && QUERY_FAULTS.includes(this.failure)) {
      const { title, advice } = explain(this.failure);
      return html`<div class="empty" role="alert">
        <p>${title}</p>
        <p>${advice}</p>
      </div>`;
    }
    if (this.failure) {
      return html`<ev-failure code=${this.failure} @retry=${() => this.#search()}></ev-failure>`;
    }
    if (!this.found) return html`<div class="progress"></div>`;
    const { complete, unsearched, next, hits } = this.found;
    return html`
      ${complete ? nothing : html`<p class="note">${msg('结果太多或检索太久，只列出了一部分，请把检索词写得更具体。')}</p>`}
      ${unsearched ? html`<p class="note">${msg(str`${unsearched} 份材料还没有索引，未能检索。`)}</p>` : nothing}
      ${groupsOf(hits).map((group) => this.#group(group, find))}
      ${
        next
          ? html`<button class="more" ?disabled=${this.running} @click=${() => this.#more()}>
              ${msg('显示更多')}
            </button>`
          : nothing
      }
    `;
  }

  #group({ first, hits }: Group, find: Find): TemplateResult {
    return html`<section>
      <h2>
        <span class="case">${first.case_number}</span>
        <span class="title" title=${first.case_title}>${first.case_title}</span>
        ${badge(first.class)}
        <span class="volume" title=${first.volume_title}>${first.volume_title}</span>
      </h2>
      <ol>
        ${hits.map((hit) => this.#hit(hit, find))}
      </ol>
    </section>`;
  }

  #hit(hit: CaseHit, find: Find): TemplateResult {
    const { before, hit: match, after } = hit.snippet;
    return html`<li>
      <a href=${pageHash(hit.volume, hit.page, find)}>
        <span class="material" title=${hit.material}>${hit.material}</span>
        <span class="page">${msg(str`第${hit.page}页`)}</span>
        <small>
          ${hit.approximate ? html`<b>${msg('近似')}</b>` : nothing}
          ${hit.count > 1 ? msg(str`${hit.count} 处`) : nothing}
        </small>
        <q>${before}<mark>${match}</mark>${after}</q>
      </a>
    </li>`;
  }

  async #search(): Promise<void> {
    this.found = null;
    this.failure = null;
    await this.#load(undefined);
  }

  async #more(): Promise<void> {
    await this.#load(this.found?.next ?? undefined);
  }

  /** The pages behind a cursor, added to what is there. */
  async #load(cursor: string | undefined): Promise<void> {
    this.#stop?.abort();
    const { find } = this;
    if (!find) return;
    const stop = new AbortController();
    this.#stop = stop;
    this.running = true;
    try {
      const answer = await searchCases({ ...find, ...(cursor && { cursor }) }, stop.signal);
      if (stop.signal.aborted) return;
      const hits = cursor ? [...(this.found?.hits ?? []), ...answer.hits] : answer.hits;
      this.found = { ...answer, hits };
    } catch (cause) {
      if (stop.signal.aborted) return;
      this.failure = EvolumeError.from(cause, 'search.failed').code;
    }
    this.running = false;
  }
}

function groupsOf(hits: readonly CaseHit[]): Group[] {
  const groups: Group[] = [];
  for (const hit of hits) {
    const last = groups.at(-1);
    if (last?.first.volume === hit.volume && last.first.approximate === hit.approximate) {
      last.hits.push(hit);
    } else groups.push({ first: hit, hits: [hit] });
  }
  return groups;
}
