// Tells a reader whose session has ended; the pages stay, and so does what was not yet sent.
import { localized, msg } from '@lit/localize';
import { css, html, LitElement, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { controls } from '../parts/controls.ts';
import { ObserveController } from '../parts/observe.ts';
import { who } from './who.ts';

@localized()
@customElement('ev-signed-out')
export class SignedOut extends LitElement {
  protected readonly observing = new ObserveController(this, () => who);

  static override styles = [
    controls,
    css`
      :host {
        position: absolute;
        z-index: 4;
        top: 12px;
        left: 50%;
        translate: -50%;
        width: max-content;
        max-width: calc(100% - 24px);
      }

      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 16px;
        padding: 10px 12px 10px 16px;
        border: 1px solid var(--line-strong);
        border-radius: 8px;
        background: var(--raised);
        box-shadow: 0 4px 16px rgb(0 0 0 / 18%);
      }

      p {
        flex: 1;
        margin: 0;
        min-width: 14em;
        font-size: 13px;
      }

      small {
        display: block;
        color: var(--quiet);
        font-size: 12px;
      }
    `,
  ];

  override render() {
    if (!who.lost) return nothing;
    return html`<div role="alert">
      <p>
        ${msg('您已退出登录')}
        <small>${msg('已载入的页仍可阅读；新的批注保存在本机，登录后发送')}</small>
      </p>
      <button class="primary" @click=${this.#signIn}>${msg('登录')}</button>
    </div>`;
  }

  async #signIn(): Promise<void> {
    const { openSignIn } = await import('./sign-in-dialog.ts');
    openSignIn();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ev-signed-out': SignedOut;
  }
}
