// The page on which one signs in. The address stays what was asked for: afterwards one is there.
import { localized, msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { controls } from '../parts/controls.ts';
import { ObserveController } from '../parts/observe.ts';
import '../parts/settings-bar.ts';
import './sample-users.ts';
import './sign-in-form.ts';
import type { SignInForm } from './sign-in-form.ts';
import { who } from './who.ts';

@localized()
@customElement('ev-sign-in-page')
export class SignInPage extends LitElement {
  @query('ev-sign-in-form') private form!: SignInForm;
  protected readonly observing = new ObserveController(this, () => who);

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
        overflow: auto;
      }

      header {
        flex: none;
        display: flex;
        justify-content: flex-end;
        padding: 6px 12px;
      }

      main {
        flex: 1;
        display: flex;
        flex-direction: column;
        gap: 20px;
        width: min(380px, 100%);
        margin: 0 auto;
        padding: 9vh 16px 32px;
      }

      .card {
        padding: 26px 28px 20px;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--raised);
      }

      .brand {
        color: var(--accent);
        font-size: 15px;
        font-weight: 700;
      }

      h1 {
        margin: 2px 0 18px;
        font-size: 22px;
        font-weight: 600;
      }

      .notice {
        margin: 0 0 18px;
        padding: 8px 12px;
        border-radius: var(--radius);
        background: var(--tint);
        font-size: 13px;
      }

      .back {
        align-self: center;
        color: var(--quiet);
        font-size: 13px;
      }

      @media (max-width: 700px) {
        main {
          padding: 3vh 12px 24px;
        }

        .card {
          padding: 20px 18px 14px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${msg('登录')} - Evolume`;
  }

  protected override firstUpdated(): void {
    void this.form.updateComplete.then(() => this.form.focus());
  }

  override render() {
    return html`<header><ev-settings-bar></ev-settings-bar></header>
      <main>
        <div class="card">
          <span class="brand">Evolume</span>
          <h1>${msg('登录')}</h1>
          ${this.#notice()}
          <ev-sign-in-form></ev-sign-in-form>
        </div>
        <ev-sample-users></ev-sample-users>
        ${
          who.asked && who.session?.provisional
            ? html`<button class="back" @click=${() => who.ask(false)}>
                ${msg('不登录，返回')}
              </button>`
            : nothing
        }
      </main>`;
  }

  #notice(): TemplateResult | typeof nothing {
    if (who.kept) {
      const text = msg(str`${who.kept}未发送的批注保存在此浏览器，由本人登录后发送。`);
      return html`<p class="notice" role="status">${text}</p>`;
    }
    if (!who.lost) return nothing;
    return html`<p class="notice" role="status">${msg('您已退出登录。请重新登录。')}</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ev-sign-in-page': SignInPage;
  }
}
