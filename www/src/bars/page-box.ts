// The page number: shows where one is, takes where one wants to be.
import { localized, msg, str } from '@lit/localize';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { controls } from '../parts/controls.ts';

@localized()
@customElement('ev-page-box')
export class PageBox extends LitElement {
  @property({ attribute: false }) page = 0;
  @property({ attribute: false }) pages = 0;
  /** The page's own label, when it says something else than the number. */
  @property({ attribute: false }) label = '';
  /** The page that carries a label; 0 for none. */
  @property({ attribute: false }) find: (label: string) => number = () => 0;
  @state() private invalid = false;
  @query('input') private field!: HTMLInputElement;

  static override styles = [
    controls,
    css`
      :host {
        position: relative;
        display: flex;
        align-items: center;
        white-space: nowrap;
      }

      input {
        width: calc(max(3, var(--digits)) * 1ch + 18px);
        margin: 0 4px;
        padding: 0 4px;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
        text-align: center;
      }

      input[aria-invalid='true'] {
        border-color: var(--warning);
      }

      label {
        display: flex;
        align-items: center;
      }

      .total {
        margin-right: 4px;
        color: var(--quiet);
      }

      .label {
        max-width: 8em;
        margin-right: 4px;
        overflow: hidden;
        color: var(--quiet);
        font-size: 13px;
        text-overflow: ellipsis;
      }

      /* There is room for the numbers only. */
      @media (max-width: 480px) {
        label {
          font-size: 0;
        }

        input,
        .total {
          font-size: 15px;
        }
      }

      [role='alert'] {
        position: absolute;
        z-index: 5;
        top: calc(100% + 6px);
        left: 0;
        padding: 4px 10px;
        border-radius: var(--radius);
        background: var(--warning-tint);
        color: var(--warning);
        font-size: 13px;
      }

      [role='alert']:empty {
        display: none;
      }
    `,
  ];

  override render() {
    const box = html`<input
        autocomplete="off"
        enterkeyhint="go"
        aria-label=${msg('页码')}
        aria-invalid=${this.invalid}
        style="--digits:${String(this.pages).length}"
        ?disabled=${this.pages === 0}
        .value=${this.#text()}
        @focus=${() => this.field.select()}
        @blur=${this.#restore}
        @keydown=${this.#key}
      /><span class="total">/ ${this.pages || '–'}</span>`;
    const label = this.label
      ? html`<span class="label" title=${msg(str`原页码 ${this.label}`)}>${this.label}</span>`
      : nothing;
    return html`<label>${msg(html`第 ${box} 页`)}</label>${label}
      <div role="alert">${this.invalid ? msg(html`请输入 1 到 ${this.pages} 的页码`) : ''}</div>`;
  }

  protected override updated(): void {
    // While someone types, the view may move; what they typed stays.
    if (!this.matches(':focus-within')) this.field.value = this.#text();
  }

  #text(): string {
    return this.page > 0 ? String(this.page) : '';
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.#commit();
    else if (event.key === 'Escape') {
      this.#restore();
      this.field.blur();
    } else return;
    event.preventDefault();
  }

  #commit(): void {
    // Chinese input methods type full-width digits.
    const text = this.field.value.normalize('NFKC').trim();
    // A number is a page of the volume; anything else may be a label as printed.
    const page = /^\d+$/.test(text) ? Number(text) : this.find(text);
    this.invalid = page < 1 || page > this.pages;
    if (this.invalid) {
      this.field.value = this.#text();
      this.field.select();
    } else {
      this.field.blur();
      this.dispatchEvent(new CustomEvent('go-to', { detail: page }));
    }
  }

  #restore(): void {
    this.invalid = false;
    this.field.value = this.#text();
  }
}
