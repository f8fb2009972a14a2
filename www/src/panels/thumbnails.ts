// Thumbnails (缩略图): sprites of sixteen pages each, of which only those in view are fetched.
import { localized, msg, str } from '@lit/localize';
import type { Manifest } from 'evolume';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { blobUrl } from '../local/shelf.ts';
import { VirtualList } from '../parts/virtual-list.ts';
import { type Thumb, thumbsOf } from './thumbs.ts';
import { thumbnailsStyle } from './thumbnails.style.ts';

/** In a narrow panel, and pixels that each of more columns takes. */
const COLUMNS = 2;
const COLUMN_WIDTH = 130;

@localized()
@customElement('ev-thumbnails')
export class Thumbnails extends LitElement {
  @property({ attribute: false }) manifest: Manifest | null = null;
  @property({ attribute: false }) page = 0;
  @state() private active = 0;
  @query('[role="listbox"]') private box?: HTMLElement;

  readonly #visible = new VirtualList(this, () => this.box);
  #thumbs: Thumb[] = [];
  #columns = COLUMNS;

  static override styles = thumbnailsStyle;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('manifest')) this.#thumbs = this.manifest ? thumbsOf(this.manifest) : [];
    if (changed.has('page')) this.active = this.page;
    const columns = Math.max(COLUMNS, Math.floor(this.#visible.width / COLUMN_WIDTH));
    if (columns === this.#columns) return;
    this.#columns = columns;
    this.#visible.reveal(this.#line(this.page));
  }

  protected override updated(changed: PropertyValues<this>): void {
    const first = changed.has('manifest') && !changed.get('manifest');
    if (first || changed.has('page')) this.#visible.reveal(this.#line(this.page));
  }

  override render() {
    const height = this.#visible.itemHeight;
    const columns = this.#columns;
    const lines = Math.ceil(this.#thumbs.length / columns);
    const [from, to] = this.#visible.range(lines);
    return html`<div
      role="listbox"
      tabindex="0"
      aria-label=${msg('缩略图')}
      aria-activedescendant=${this.active > 0 ? `page-${this.active}` : nothing}
      @keydown=${this.#key}
    >
      <div class="all" role="presentation" style="height:${lines * height}px;--columns:${columns}">
        ${repeat(
          this.#thumbs.slice(from * columns, to * columns),
          (thumb) => thumb.page,
          (thumb) => this.#thumb(thumb, height),
        )}
      </div>
    </div>`;
  }

  #thumb(thumb: Thumb, height: number): TemplateResult {
    const column = (thumb.page - 1) % this.#columns;
    const current = thumb.page === this.page;
    const sprite = thumb.sprite
      ? `background-image:url("${blobUrl(this.manifest?.volume ?? '', thumb.sprite)}");` +
        `--column:${thumb.column};--line:${thumb.line};--across:${thumb.across};`
      : '';
    return html`<div
      role="option"
      id="page-${thumb.page}"
      class="cell ${thumb.page === this.active ? 'active' : ''}"
      style="left:${(column * 100) / this.#columns}%;transform:translateY(${this.#line(thumb.page) * height}px)"
      title=${thumb.title}
      aria-label=${msg(str`第${thumb.page}页`)}
      aria-selected=${current}
      aria-current=${current ? 'page' : nothing}
      aria-posinset=${thumb.page}
      aria-setsize=${this.#thumbs.length}
      @click=${() => this.#go(thumb.page)}
    >
      <div class="frame">
        <div class="sheet" style="${sprite}--width:${thumb.width};--height:${thumb.height}">
          ${thumb.broken ? html`<small>${msg('无法显示')}</small>` : nothing}
        </div>
      </div>
      <span
        >${thumb.page}${thumb.label ? html`<small class="label">${thumb.label}</small>` : nothing}</span
      >
    </div>`;
  }

  #line(page: number): number {
    return Math.floor((page - 1) / this.#columns);
  }

  #go(page: number): void {
    this.active = page;
    this.dispatchEvent(new CustomEvent('go-to', { detail: page }));
  }

  #key(event: KeyboardEvent): void {
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -this.#columns,
      ArrowDown: this.#columns,
      PageUp: -this.#columns * this.#visible.perScreen,
      PageDown: this.#columns * this.#visible.perScreen,
      Home: -this.#thumbs.length,
      End: this.#thumbs.length,
    };
    const step = steps[event.key];
    if (event.key === 'Enter' || event.key === ' ') this.#go(this.active);
    else if (step !== undefined) {
      this.active = Math.min(this.#thumbs.length, Math.max(1, this.active + step));
      this.#visible.reveal(this.#line(this.active));
    } else return;
    event.preventDefault();
  }
}
