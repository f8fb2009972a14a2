// Signing in where one is, without leaving what is open.
import { localized, msg, str } from '@lit/localize';
import { css, html, LitElement } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { controls } from '../parts/controls.ts';
import { dialogStyle } from './dialog.style.ts';
import './sample-users.ts';
import './sign-in-form.ts';
import type { SignInForm } from './sign-in-form.ts';
import { who } from './who.ts';

@localized()
@customElement('ev-sign-in-dialog')
export class SignInDialog extends LitElement {
  @query('dialog') private dialog!: HTMLDialogElement;
  @query('ev-sign-in-form') private form!: SignInForm;

  static override styles = [
    controls,
    dialogStyle,
    css`
      ev-sample-users {
        margin-top: 16px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    who.addEventListener('change', this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    who.removeEventListener('change', this.#changed);
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
    void this.form.updateComplete.then(() => this.form.focus());
  }

  override render() {
    const name = who.lost?.principal.name;
    return html`<dialog aria-labelledby="title" @close=${() => this.remove()}>
      <h2 id="title">${msg('登录')}</h2>
      ${name ? html`<p>${msg(str`继续以${name}的身份阅读`)}</p>` : ''}
      <ev-sign-in-form></ev-sign-in-form>
      <ev-sample-users></ev-sample-users>
      <div class="actions">
        <button type="button" class="plain" @click=${() => this.dialog.close()}>
          ${msg('取消')}
        </button>
      </div>
    </dialog>`;
  }

  /** In another tab, too. */
  readonly #changed = (): void => {
    if (who.session?.account) this.dialog.close();
  };
}

/** Lets somebody sign in over whatever is open. */
export function openSignIn(): void {
  document.body.append(document.createElement('ev-sign-in-dialog'));
}

declare global {
  interface HTMLElementTagNameMap {
    'ev-sign-in-dialog': SignInDialog;
  }
}
