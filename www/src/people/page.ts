// The frame of the pages about people: a way back, a heading, what the bars always have.
import { localized, msg } from '@lit/localize';
import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { backIcon } from '../icons.ts';
import { controls } from '../parts/controls.ts';
import '../parts/settings-bar.ts';
import './who-menu.ts';

@localized()
@customElement('ev-page')
export class Page extends LitElement {
  @property() heading = '';

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
      }

      header {
        flex: none;
        display: flex;
        align-items: center;
        gap: 4px;
        height: calc(var(--control) + 12px);
        padding: 0 12px 0 8px;
        border-bottom: 1px solid var(--line);
        background: var(--bar);
      }

      h1 {
        flex: 1;
        min-width: 0;
        margin: 0;
        overflow: hidden;
        font-size: 15px;
        font-weight: 600;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      main {
        flex: 1;
        overflow: auto;
        padding: 24px 20px 48px;
      }

      div {
        display: flex;
        flex-direction: column;
        gap: 20px;
        max-width: 920px;
        margin: 0 auto;
      }

      @media (max-width: 700px) {
        header {
          padding: 0 4px;
        }

        main {
          padding: 12px 8px 32px;
        }
      }
    `,
  ];

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('heading')) document.title = `${this.heading} - Evolume`;
  }

  override render() {
    return html`<header>
        <a
          class="button icon"
          href="#/"
          title=${msg('返回案件列表')}
          aria-label=${msg('返回案件列表')}
          >${backIcon}</a
        >
        <h1>${this.heading}</h1>
        <ev-who-menu></ev-who-menu>
        <ev-settings-bar></ev-settings-bar>
      </header>
      <main>
        <div><slot></slot></div>
      </main>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ev-page': Page;
  }
}
