// The other volumes of the same case, under the catalogue.
import { localized, msg } from '@lit/localize';
import type { VolumeSummary } from 'evolume';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { caseOf } from '../cases/load.ts';
import { badge, badgeStyle } from '../parts/badge.ts';
import { volumeHash } from '../route.ts';
import { pageCount } from '../words.ts';

@localized()
@customElement('ev-siblings')
export class Siblings extends LitElement {
  @property({ attribute: false }) volume = '';
  @state() private others: VolumeSummary[] = [];

  static override styles = [
    badgeStyle,
    css`
      :host {
        display: block;
        max-height: 40%;
        overflow: auto;
      }

      nav {
        padding: 6px 0;
        border-top: 1px solid var(--line);
      }

      h3 {
        margin: 0;
        padding: 4px 16px;
        color: var(--quiet);
        font-size: 12px;
        font-weight: 400;
      }

      a {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: var(--row);
        padding: 0 14px 0 16px;
        color: inherit;
        text-decoration: none;
      }

      a:hover {
        background: var(--hover);
      }

      a:focus-visible {
        outline: 2px solid var(--accent);
        outline-offset: -2px;
      }

      .name {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .pages {
        color: var(--quiet);
        font-size: 13px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render() {
    if (this.others.length === 0) return nothing;
    return html`<nav aria-label=${msg('本案其他卷')}>
      <h3>${msg('本案其他卷')}</h3>
      ${this.others.map(
        (other) =>
          html`<a href=${volumeHash(other.id)} title=${other.title}>
            ${badge(other.class)}<span class="name">${other.title}</span>
            <span class="pages">${pageCount(other.pages)}</span>
          </a>`,
      )}
    </nav>`;
  }

  async #load(): Promise<void> {
    // A convenience: when the list does not come, the volume is still there to read.
    const own = await caseOf(this.volume).catch(() => null);
    this.others = own?.volumes.filter((volume) => volume.id !== this.volume) ?? [];
  }
}
