// Zoom: smaller, a menu, larger. The menu is loaded when it is first wanted.
import { localized, msg } from '@lit/localize';
import type { Fit } from 'evolume';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { downIcon, minusIcon, plusIcon } from '../icons.ts';
import { controls } from '../parts/controls.ts';
import { menuStyle } from '../parts/menu.style.ts';

const STEPS = [50, 75, 100, 125, 150, 200, 300, 400, 800, 1600];

/** What the reader wants: a fit, a percentage, or a step up or down. */
export type ZoomWish = { fit: Fit } | { percent: number };

@localized()
@customElement('ev-zoom-control')
export class ZoomControl extends LitElement {
  @property({ attribute: false }) zoom = 0;
  @property({ attribute: false }) fit: Fit | null = null;
  @state() private menuLoaded = false;
  @state() private open = false;

  static override styles = [
    controls,
    menuStyle,
    css`
      :host {
        display: flex;
        align-items: center;
      }

      .value {
        justify-content: space-between;
        min-width: 84px;
        padding: 0 4px 0 10px;
        font-variant-numeric: tabular-nums;
      }

      .value svg {
        width: 16px;
        height: 16px;
        color: var(--quiet);
      }
    `,
  ];

  override render() {
    return html`
      <button
        class="icon"
        title=${msg('缩小')}
        aria-label=${msg('缩小')}
        ?disabled=${this.zoom === 0}
        @click=${() => this.#step(-1)}
      >
        ${minusIcon}
      </button>
      ${this.menuLoaded ? this.#menu() : this.#trigger(() => void this.#load())}
      <button
        class="icon"
        title=${msg('放大')}
        aria-label=${msg('放大')}
        ?disabled=${this.zoom === 0}
        @click=${() => this.#step(1)}
      >
        ${plusIcon}
      </button>
    `;
  }

  #trigger(click?: () => void): TemplateResult {
    const label = this.zoom > 0 ? `${Math.round(this.zoom)}%` : '–';
    return html`<button
      slot="trigger"
      class="value"
      title=${msg('缩放')}
      aria-label="${msg('缩放')} ${label}"
      aria-haspopup="menu"
      aria-expanded=${this.open}
      ?disabled=${this.zoom === 0}
      @click=${click}
    >
      <span>${label}</span>${downIcon}
    </button>`;
  }

  #menu(): TemplateResult {
    const percent = Math.round(this.zoom);
    return html`<wa-dropdown
      placement="bottom"
      .open=${this.open}
      @wa-show=${() => (this.open = true)}
      @wa-hide=${() => (this.open = false)}
      @wa-select=${this.#select}
    >
      ${this.#trigger()} ${this.#item('width', msg('适合宽度'), this.fit === 'width', 'W')}
      ${this.#item('page', msg('适合整页'), this.fit === 'page', 'P')}
      <hr role="separator" />
      ${STEPS.map((step) =>
        this.#item(String(step), `${step}%`, this.fit === null && percent === step),
      )}
    </wa-dropdown>`;
  }

  #item(value: string, label: string, checked: boolean, key = ''): TemplateResult {
    return html`<wa-dropdown-item type="checkbox" value=${value} .checked=${checked}>
      ${label}<kbd slot="details">${key}</kbd>
    </wa-dropdown-item>`;
  }

  async #load(): Promise<void> {
    await import('../parts/menu.ts');
    this.menuLoaded = true;
    await this.updateComplete;
    this.open = true;
  }

  #select(event: CustomEvent<{ item: { value: string } }>): void {
    const { value } = event.detail.item;
    this.#wish(value === 'width' || value === 'page' ? { fit: value } : { percent: Number(value) });
  }

  #step(direction: 1 | -1): void {
    const steps = direction > 0 ? STEPS : [...STEPS].reverse();
    const next = steps.find((step) => (step - this.zoom) * direction > 0.5);
    if (next !== undefined) this.#wish({ percent: next });
  }

  #wish(wish: ZoomWish): void {
    this.dispatchEvent(new CustomEvent<ZoomWish>('zoom', { detail: wish }));
  }
}
