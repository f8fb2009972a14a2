// What a link that leaves the volume says before it does: an address outside, or a citation that leads nowhere.
import { localized, msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { closeIcon } from '../icons.ts';
import type { Away } from '../opening/lead-away.ts';
import { controls } from '../parts/controls.ts';

@localized()
@customElement('ev-link-bar')
export class LinkBar extends LitElement {
  @property({ attribute: false }) away: Away | null = null;
  @query('a, button') private first!: HTMLElement | null;

  static override styles = [
    controls,
    css`
      :host {
        position: absolute;
        z-index: 3;
        right: 24px;
        bottom: 16px;
        left: 16px;
        display: flex;
        justify-content: center;
        pointer-events: none;
      }

      [role='dialog'],
      [role='status'] {
        display: flex;
        align-items: center;
        gap: 10px;
        min-width: 0;
        max-width: 720px;
        padding: 6px 6px 6px 14px;
        border: 1px solid var(--line);
        border-radius: 8px;
        background: var(--raised);
        box-shadow: 0 4px 16px rgb(0 0 0 / 18%);
        pointer-events: auto;
      }

      span {
        flex: none;
        color: var(--quiet);
        font-size: 13px;
      }

      bdi {
        min-width: 0;
        max-height: 4.5em;
        overflow: auto;
        overflow-wrap: anywhere;
        font-size: 13px;
      }

      a.primary {
        flex: none;
        background: var(--accent);
        color: var(--on-accent);
      }
    `,
  ];

  protected override updated(): void {
    // The keyboard goes on from here.
    if (this.away && 'uri' in this.away) this.first?.focus();
  }

  override render() {
    if (!this.away) return nothing;
    if ('missing' in this.away) {
      const { missing } = this.away;
      return html`<div role="status">
        <span>${msg(str`本案没有可读的“${missing}”`)}</span>${this.#close()}
      </div>`;
    }
    const { uri } = this.away;
    return html`<div role="dialog" aria-label=${msg('外部链接')} @keydown=${this.#key}>
      <span>${msg('外部链接')}</span>
      <bdi>${uri}</bdi>
      <a
        class="button primary"
        href=${uri}
        target="_blank"
        rel="noopener noreferrer"
        @click=${this.#done}
        >${msg('打开')}</a
      >
      ${this.#close()}
    </div>`;
  }

  #close(): TemplateResult {
    return html`<button
      class="icon"
      title=${msg('关闭')}
      aria-label=${msg('关闭')}
      @click=${this.#done}
    >
      ${closeIcon}
    </button>`;
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.#done();
  }

  readonly #done = (): void => {
    this.dispatchEvent(new Event('done'));
  };
}
