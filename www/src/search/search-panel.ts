// The search panel: the query, how much was found, and every page with hits in a list that renders what is in view.
import { localized, msg, str } from '@lit/localize';
import type { How, Manifest } from 'evolume';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { closeIcon, downIcon, searchIcon, upIcon } from '../icons.ts';
import { controls } from '../parts/controls.ts';
import '../parts/failure.ts';
import { VirtualList } from '../parts/virtual-list.ts';
import { type Explanation, explain, QUERY_FAULTS } from '../problems.ts';
import { unreadScans } from '../materials/scans.ts';
import './search-filter.ts';
import { searchStyle } from './search-panel.style.ts';
import type { HitPage, SearchSession } from './search-session.ts';

/**
 * A line of the list: a title over what is only nearly what was looked for, a material's title over its
 * pages, a page, or the lower part of a page's.
 */
type Line = { approximate: number } | { material: number; hits: number } | { at: number } | null;

/** Lines that a page takes. */
const TALL = 2;

@localized()
@customElement('ev-search')
export class SearchPanel extends LitElement {
  @property({ attribute: false }) manifest: Manifest | null = null;
  @property({ attribute: false }) session: SearchSession | null = null;
  @query('input') private field?: HTMLInputElement;
  @query('[role="listbox"]') private list?: HTMLElement;

  readonly #visible = new VirtualList(this, () => this.list);
  #lines: Line[] = [];
  #shown: HitPage[] | null = null;
  #counted = 0;
  #at = -1;
  #unread: (() => Explanation) | null = null;

  static override styles = [controls, searchStyle];

  /** Takes the keys, with a query to look for if there is one. */
  async begin(text?: string): Promise<void> {
    await this.updateComplete;
    if (text && this.field) {
      this.field.value = text;
      this.#search();
    }
    this.field?.focus();
    this.field?.select();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('session')) {
      changed.get('session')?.removeEventListener('change', this.#changed);
      this.session?.addEventListener('change', this.#changed);
    }
    if (changed.has('manifest')) this.#unread = this.manifest && unreadScans(this.manifest);
    const pages = this.session?.pages ?? [];
    if (pages !== this.#shown || pages.length !== this.#counted) {
      this.#lines = linesOf(pages);
      this.#shown = pages;
      this.#counted = pages.length;
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session?.removeEventListener('change', this.#changed);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.session?.addEventListener('change', this.#changed);
  }

  protected override updated(): void {
    const at = this.session?.current?.at ?? -1;
    if (at === this.#at) return;
    this.#at = at;
    const line = this.#lines.findIndex((line) => line !== null && 'at' in line && line.at === at);
    if (line < 0) return;
    this.#visible.reveal(line + TALL - 1);
    // Of a page's lines the upper one counts more, and its material's title is welcome.
    void this.updateComplete.then(() => this.#visible.reveal(Math.max(0, line - 1)));
  }

  override render() {
    return html`
      <div class="query" role="search">
        ${searchIcon}
        <input
          type="search"
          autocomplete="off"
          spellcheck="false"
          enterkeyhint="search"
          aria-label=${msg('搜索本卷')}
          placeholder=${msg('搜索本卷')}
          .value=${this.session?.query ?? ''}
          ?disabled=${!this.session}
          @input=${this.#input}
          @compositionend=${this.#search}
          @keydown=${this.#key}
        />
        <button
          class="icon clear"
          title=${msg('清除')}
          aria-label=${msg('清除')}
          ?hidden=${!this.session?.query}
          @click=${this.#clear}
        >
          ${closeIcon}
        </button>
      </div>
      <ev-search-filter
        .manifest=${this.manifest}
        .how=${this.session?.how ?? {}}
        @how=${(event: CustomEvent<How>) => void this.session?.change(event.detail)}
      ></ev-search-filter>
      ${this.#summary()} ${this.#content()} ${this.#footer()}
    `;
  }

  #summary(): TemplateResult | typeof nothing {
    const session = this.session;
    if (!session?.asks || session.failure) return nothing;
    const { pages, hits, running, position } = session;
    const total = msg(str`共 ${pages.length} 页 ${hits} 处`);
    return html`<div class="summary" ?data-running=${running}>
        <span role="status" class="total">${running && hits === 0 ? msg('正在搜索') : total}</span>
        <span class="position" ?hidden=${position === 0}>${position} / ${hits}</span>
        <button
          class="icon"
          title="${msg('上一处')} (Shift+Enter)"
          aria-label=${msg('上一处')}
          ?disabled=${hits === 0}
          @click=${() => session.step(-1)}
        >
          ${upIcon}
        </button>
        <button
          class="icon"
          title="${msg('下一处')} (Enter)"
          aria-label=${msg('下一处')}
          ?disabled=${hits === 0}
          @click=${() => session.step(1)}
        >
          ${downIcon}
        </button>
      </div>
      ${this.#missed(session)}`;
  }

  #missed({ missed, missedCode }: SearchSession): TemplateResult | typeof nothing {
    if (!missedCode) return nothing;
    const { title, advice } = explain(missedCode);
    return html`<p class="missed" role="alert" title="${title} ${advice} (${missedCode})">
      ${msg(str`${missed} 份材料未能搜索`)} · ${title}
    </p>`;
  }

  #footer(): TemplateResult | typeof nothing {
    const { session } = this;
    const news = session?.stale
      ? html`<p class="unread" role="status">
          ${msg('又有扫描页可以搜索')}
          <button class="plain" @click=${() => session.search(session.query)}>
            ${msg('更新结果')}
          </button>
        </p>`
      : nothing;
    if (!this.#unread) return news;
    const { title, advice } = this.#unread();
    return html`${news}
      <p class="unread" role="note">${title} · ${advice}</p>`;
  }

  #content(): TemplateResult | typeof nothing {
    const session = this.session;
    if (!session) return nothing;
    if (session.failure && QUERY_FAULTS.includes(session.failure)) {
      const { title, advice } = explain(session.failure);
      return html`<div class="empty" role="status">
        <p>${title}</p>
        <p>${advice}</p>
      </div>`;
    }
    if (session.failure) {
      return html`<ev-failure
        code=${session.failure}
        @retry=${() => session.search(session.query)}
      ></ev-failure>`;
    }
    if (!session.asks) {
      return html`<div class="empty">
        <p>${msg('输入词语、姓名、日期或金额，不分简繁、大小写和全角半角。')}</p>
        <dl>
          <dt>借款 利息</dt>
          <dd>${msg('同页都有')}</dd>
          <dt>借款 OR 贷款</dt>
          <dd>${msg('有其一')}</dd>
          <dt>利息 -本金</dt>
          <dd>${msg('有前无后')}</dd>
          <dt>“借款 利息”</dt>
          <dd>${msg('连在一起')}</dd>
          <dt>利息 NEAR/20 本金</dt>
          <dd>${msg('相距不过 20 字')}</dd>
        </dl>
        <p class="keys">
          <span><kbd>Enter</kbd> ${msg('下一处')}</span>
          <span><kbd>Shift</kbd> <kbd>Enter</kbd> ${msg('上一处')}</span>
        </p>
      </div>`;
    }
    if (session.pages.length === 0) return session.running ? nothing : this.#nothingFound(session);
    return this.#list(session);
  }

  #nothingFound(session: SearchSession): TemplateResult {
    return html`<div class="empty" role="status">
      <p>${msg(str`没有找到“${session.query.trim()}”`)}</p>
      ${
        session.how.tolerant
          ? nothing
          : html`<p>
              <button
                class="plain"
                @click=${() => session.change({ ...session.how, tolerant: true })}
              >
                ${msg('容错再找一次')}
              </button>
            </p>`
      }
    </div>`;
  }

  #list(session: SearchSession): TemplateResult {
    const [from, to] = this.#visible.range(this.#lines.length);
    const height = this.#visible.itemHeight;
    const lines = this.#lines.slice(from, to).map((line, index) => [line, from + index] as const);
    return html`<div
      role="listbox"
      tabindex="0"
      aria-label=${msg('搜索结果')}
      aria-activedescendant=${session.current ? 'current' : nothing}
      @keydown=${this.#key}
    >
      <div class="rows" role="presentation" style="height:${this.#lines.length * height}px">
        ${repeat(
          lines.filter(([line]) => line !== null),
          ([, index]) => index,
          ([line, index]) => this.#line(session, line, index * height),
        )}
      </div>
    </div>`;
  }

  #line(session: SearchSession, line: Line, top: number): TemplateResult | typeof nothing {
    if (line === null) return nothing;
    const place = `transform:translateY(${top}px)`;
    if ('at' in line) return this.#page(session, line.at, place);
    if ('approximate' in line) {
      return html`<div class="approximate" role="presentation" style=${place}>
        ≈ ${msg(str`近似结果 ${line.approximate} 页`)}
      </div>`;
    }
    const title = this.manifest?.materials[line.material]?.title ?? '';
    return html`<div class="material" role="presentation" style=${place} title=${title}>
      <span>${title}</span><small>${line.hits}</small>
    </div>`;
  }

  #page(session: SearchSession, at: number, place: string): TemplateResult | typeof nothing {
    const hit = session.pages[at];
    if (!hit) return nothing;
    const { before, hit: match, after } = hit.snippet;
    const count = hit.matches.length;
    const current = session.current?.at === at;
    return html`<div
      role="option"
      class="page"
      ?data-approximate=${hit.closeness !== 'exact'}
      id=${current ? 'current' : nothing}
      style=${place}
      aria-selected=${current}
      aria-posinset=${at + 1}
      aria-setsize=${session.pages.length}
      title="${before}${match}${after}"
      @click=${() => this.#choose(at)}
    >
      <span class="number">${msg(str`第${hit.page}页`)}</span>
      <small>
        ${hit.closeness === 'exact' ? nothing : html`<b>${msg('近似')}</b>`}
        ${count > 1 ? msg(str`${count} 处`) : nothing}
      </small>
      <p>${before}<mark>${match}</mark>${after}</p>
    </div>`;
  }

  #choose(at: number): void {
    this.session?.choose(at);
    this.dispatchEvent(new Event('chosen'));
  }

  #input(event: InputEvent): void {
    // What an input method is still composing is no query yet.
    if (!event.isComposing) this.#search();
  }

  #search(): void {
    const query = this.field?.value ?? '';
    if (query !== this.session?.query) void this.session?.search(query);
  }

  #clear(): void {
    void this.session?.search('');
    this.field?.focus();
  }

  #key(event: KeyboardEvent): void {
    const session = this.session;
    if (!session || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const actions: Record<string, () => void> = {
      Enter: () => session.step(event.shiftKey ? -1 : 1),
      ArrowDown: () => session.stepPage(1),
      ArrowUp: () => session.stepPage(-1),
      Escape: () => this.dispatchEvent(new Event('leave')),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  readonly #changed = (): void => this.requestUpdate();
}

/** A title before the pages of each material, and one before those that are not exact. */
function linesOf(pages: readonly HitPage[]): Line[] {
  const lines: Line[] = [];
  let title: { material: number; hits: number } | null = null;
  let exact = true;
  pages.forEach(({ material, matches, closeness }, at) => {
    if (exact && closeness !== 'exact') {
      exact = false;
      title = null;
      lines.push({ approximate: pages.length - at });
    }
    if (title?.material !== material) {
      title = { material, hits: 0 };
      lines.push(title);
    }
    title.hits += matches.length;
    lines.push({ at }, null);
  });
  return lines;
}
