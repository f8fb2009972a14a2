// How the pages are arranged and turned, and what the pointer does: a menu, loaded when it is first wanted.
import { localized, msg } from '@lit/localize';
import type { Arrangement, Tool, View } from 'evolume';
import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { spreadIcon } from '../icons.ts';
import { controls } from '../parts/controls.ts';
import { menuStyle } from '../parts/menu.style.ts';

/** What the reader wants. */
export type ViewWish =
  { arrange: Arrangement } | { turn: 'page' | 'all' } | { tool: Exclude<Tool, 'select'> };

/** The menu's items, by value. */
const WISHES: Readonly<Record<string, ViewWish>> = {
  continuous: { arrange: 'continuous' },
  two: { arrange: 'two' },
  book: { arrange: 'book' },
  single: { arrange: 'single' },
  page: { turn: 'page' },
  all: { turn: 'all' },
  hand: { tool: 'hand' },
  marquee: { tool: 'marquee' },
};

@localized()
@customElement('ev-view-control')
export class ViewControl extends LitElement {
  @property({ attribute: false }) view: View | null = null;
  @property({ attribute: false }) tool: Tool = 'select';
  @state() private menuLoaded = false;
  @state() private open = false;

  static override styles = [controls, menuStyle];

  override render() {
    return this.menuLoaded ? this.#menu() : this.#trigger(() => void this.#load());
  }

  #trigger(click?: () => void): TemplateResult {
    return html`<button
      slot="trigger"
      class="icon"
      title=${msg('页面排列与旋转')}
      aria-label=${msg('页面排列与旋转')}
      aria-haspopup="menu"
      aria-expanded=${this.open}
      aria-pressed=${this.tool !== 'select'}
      ?disabled=${this.view === null}
      @click=${click}
    >
      ${spreadIcon}
    </button>`;
  }

  #menu(): TemplateResult {
    const arrangement = this.view?.arrangement;
    const arrange = (value: Arrangement, label: string, key: string): TemplateResult =>
      this.#item(value, label, key, arrangement === value);
    return html`<wa-dropdown
      placement="bottom"
      .open=${this.open}
      @wa-show=${() => (this.open = true)}
      @wa-hide=${() => (this.open = false)}
      @wa-select=${this.#select}
    >
      ${this.#trigger()} ${arrange('continuous', msg('连续'), '1')}
      ${arrange('two', msg('双页'), '2')} ${arrange('book', msg('书式对开'), '3')}
      ${arrange('single', msg('单页'), '4')}
      <hr role="separator" />
      ${this.#item('page', msg('顺时针旋转本页'), 'R')}
      ${this.#item('all', msg('顺时针旋转全部'), 'Shift+R')}
      <hr role="separator" />
      ${this.#item('hand', msg('抓手：拖动页面'), 'G', this.tool === 'hand')}
      ${this.#item('marquee', msg('框选放大'), 'Z', this.tool === 'marquee')}
    </wa-dropdown>`;
  }

  #item(value: string, label: string, key: string, checked?: boolean): TemplateResult {
    const keys = html`<kbd slot="details">${key}</kbd>`;
    return checked === undefined
      ? html`<wa-dropdown-item value=${value}>${label}${keys}</wa-dropdown-item>`
      : html`<wa-dropdown-item type="checkbox" value=${value} .checked=${checked}>
          ${label}${keys}
        </wa-dropdown-item>`;
  }

  async #load(): Promise<void> {
    await import('../parts/menu.ts');
    this.menuLoaded = true;
    await this.updateComplete;
    this.open = true;
  }

  #select(event: CustomEvent<{ item: { value: string } }>): void {
    const wish = WISHES[event.detail.item.value];
    if (wish) this.dispatchEvent(new CustomEvent<ViewWish>('wish', { detail: wish }));
  }
}
