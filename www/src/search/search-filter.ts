// How to search, beside the query: tolerance for mistakes of reading, and what narrows the search down.
import { localized, msg, str } from '@lit/localize';
import type { Category, Filter, How, Manifest } from 'evolume';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { closeIcon, filterIcon } from '../icons.ts';
import { controls } from '../parts/controls.ts';
import { categoryName } from '../words.ts';

/** What a filter narrows down by. */
type Part = 'material' | 'category' | 'pages' | 'days' | 'marked';

@localized()
@customElement('ev-search-filter')
export class SearchFilter extends LitElement {
  @property({ attribute: false }) manifest: Manifest | null = null;
  @property({ attribute: false }) how: How = {};
  @state() private open = false;

  static override styles = [
    controls,
    css`
      :host {
        flex: none;
        display: block;
        padding: 0 12px 6px;
        font-size: 13px;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 6px;
      }

      button {
        height: 26px;
        min-width: 26px;
        padding: 0 8px;
        border-color: var(--line);
        font-size: 12px;
      }

      button svg {
        width: 14px;
        height: 14px;
      }

      button[aria-pressed='true'] {
        border-color: var(--accent);
      }

      .chip {
        max-width: 100%;
        border-color: var(--accent);
        background: var(--tint);
        color: var(--accent);
      }

      .chip span {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }

      form {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-items: center;
        gap: 6px 10px;
        margin-top: 6px;
        padding: 8px 10px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--raised);
        color: var(--quiet);
      }

      select,
      input:not([type='checkbox']) {
        width: 100%;
        min-width: 0;
        height: 28px;
        padding: 0 6px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--bar);
        color: var(--text);
        font: inherit;
      }

      input[type='checkbox'] {
        width: 16px;
        height: 16px;
        margin: 0;
        accent-color: var(--accent);
      }

      .pair {
        display: flex;
        align-items: center;
        gap: 4px;
      }

      /* A date beside a date is wider than the panel. */
      .days {
        flex-direction: column;
        align-items: stretch;
      }

      @media (pointer: coarse) {
        button,
        select,
        input:not([type='checkbox']) {
          height: var(--control);
        }
      }
    `,
  ];

  override render() {
    const { tolerant = false } = this.how;
    return html`<div class="row">
        <button
          aria-pressed=${tolerant}
          title=${msg('也找有一字之差的词，例如扫描件识别错的字')}
          @click=${() => this.#change({ ...this.how, tolerant: !tolerant })}
        >
          ${msg('容错')}
        </button>
        <button aria-expanded=${this.open} @click=${() => (this.open = !this.open)}>
          ${filterIcon} ${msg('筛选')}
        </button>
        ${this.#chips()}
      </div>
      ${this.open ? this.#form() : nothing}`;
  }

  #chips(): TemplateResult[] {
    const { materials = [], categories = [], pages, days, marked } = this.how.filter ?? {};
    const chips: [Part, string][] = [];
    if (materials[0] !== undefined) chips.push(['material', this.#title(materials[0])]);
    if (categories[0]) chips.push(['category', categoryName(categories[0])]);
    if (pages) chips.push(['pages', range(pages[0] > 1 ? pages[0] : '', last(pages[1]))]);
    if (days) chips.push(['days', range(shown(days[0]), shown(days[1]))]);
    if (marked) chips.push(['marked', msg('有批注')]);
    return chips.map(
      ([part, text]) =>
        html`<button
          class="chip"
          title=${msg(str`去掉“${text}”`)}
          @click=${() => this.#without(part)}
        >
          <span>${text}</span>${closeIcon}
        </button>`,
    );
  }

  #form(): TemplateResult {
    const { materials = [], categories = [], pages, days, marked } = this.how.filter ?? {};
    const all = this.manifest?.materials ?? [];
    const listed = [...new Set(all.map(({ category }) => category))];
    return html`<form @change=${this.#read} @submit=${(event: Event) => event.preventDefault()}>
      <label for="material">${msg('材料')}</label>
      <select id="material">
        <option value="">${msg('全部')}</option>
        ${all.map(
          ({ id, title }) =>
            html`<option value=${id} ?selected=${materials[0] === id}>${title}</option>`,
        )}
      </select>
      <label for="category">${msg('类别')}</label>
      <select id="category">
        <option value="">${msg('全部')}</option>
        ${listed.map(
          (one) =>
            html`<option value=${one} ?selected=${categories[0] === one}>
              ${categoryName(one)}
            </option>`,
        )}
      </select>
      <label for="from-page">${msg('页码')}</label>
      <div class="pair">
        <input
          id="from-page"
          type="number"
          min="1"
          .value=${pages && pages[0] > 1 ? String(pages[0]) : ''}
        />–<input
          id="to-page"
          type="number"
          min="1"
          aria-label=${msg('至页')}
          .value=${pages ? String(last(pages[1])) : ''}
        />
      </div>
      <label for="from-day">${msg('页中日期')}</label>
      <div class="pair days">
        <input id="from-day" type="date" .value=${days ? shown(days[0]) : ''} /><input
          id="to-day"
          type="date"
          aria-label=${msg('至日期')}
          .value=${days ? shown(days[1]) : ''}
        />
      </div>
      <label for="marked">${msg('有批注')}</label>
      <input id="marked" type="checkbox" .checked=${marked ?? false} />
    </form>`;
  }

  #title(id: string): string {
    return this.manifest?.materials.find((material) => material.id === id)?.title ?? id;
  }

  #read(event: Event): void {
    const form = event.currentTarget as HTMLFormElement;
    const value = (id: string): string =>
      form.querySelector<HTMLInputElement | HTMLSelectElement>(`#${id}`)?.value ?? '';
    const material = value('material');
    const category = value('category') as Category | '';
    const first = Math.max(1, Number(value('from-page')) || 1);
    const end = Number(value('to-page')) || LAST_PAGE;
    const days = [value('from-day'), value('to-day')].map((day) => Number(day.replaceAll('-', '')));
    const filter: Partial<Filter> = {
      materials: material ? [material] : [],
      categories: category ? [category] : [],
      pages: first > 1 || end < LAST_PAGE ? [first, Math.max(first, end)] : null,
      days: days[0] || days[1] ? [days[0] ?? 0, days[1] || LAST_DAY] : null,
      marked: form.querySelector<HTMLInputElement>('#marked')?.checked ?? false,
    };
    this.#change({ ...this.how, filter });
  }

  #without(part: Part): void {
    const filter = { ...this.how.filter };
    if (part === 'material') filter.materials = [];
    if (part === 'category') filter.categories = [];
    if (part === 'pages') filter.pages = null;
    if (part === 'days') filter.days = null;
    if (part === 'marked') filter.marked = false;
    this.#change({ ...this.how, filter });
  }

  #change(how: How): void {
    this.how = how;
    this.dispatchEvent(new CustomEvent('how', { detail: how }));
  }
}

/** No volume and no calendar goes further. */
const LAST_PAGE = 1_000_000;
const LAST_DAY = 99_991_231;

function last(page: number): number | '' {
  return page < LAST_PAGE ? page : '';
}

/** A day as a field of dates has it; nothing where it is open. */
function shown(day: number): string {
  const text = String(day);
  return day > 0 && day < LAST_DAY
    ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
    : '';
}

function range(from: string | number, to: string | number): string {
  return from === to ? String(from) : `${from}–${to}`;
}
