// A one-time code, shown once: whoever closes it without handing it on makes another one.
import { localized, msg, str } from '@lit/localize';
import type { UserSummary } from 'evolume';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { copyIcon } from '../../icons.ts';
import { controls } from '../../parts/controls.ts';
import { dialogStyle } from '../dialog.style.ts';

@localized()
@customElement('ev-code-dialog')
export class CodeDialog extends LitElement {
  @property({ attribute: false }) user!: UserSummary;
  @property({ attribute: false }) code = '';
  @state() private copied = false;
  @query('dialog') private dialog!: HTMLDialogElement;

  static override styles = [
    controls,
    dialogStyle,
    css`
      output {
        display: block;
        padding: 14px 12px;
        border: 1px dashed var(--line-strong);
        border-radius: var(--radius);
        background: var(--ground);
        font-size: 17px;
        font-variant-numeric: tabular-nums;
        font-weight: 600;
        letter-spacing: 0.04em;
        text-align: center;
        overflow-wrap: anywhere;
        user-select: all;
      }

      dialog .hint {
        margin: 10px 0 0;
        color: var(--quiet);
        font-size: 13px;
      }
    `,
  ];

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  override render() {
    return html`<dialog aria-labelledby="title" @close=${() => this.remove()}>
      <h2 id="title">${msg(str`${this.user.name}的一次性验证码`)}</h2>
      <output aria-label=${msg('一次性验证码')}>${this.code}</output>
      <p class="hint">
        ${msg(str`请交给本人。在登录页选择“首次登录或忘记密码”，输入登录名 ${this.user.login} 和此验证码，然后设置密码。`)}
      </p>
      <p class="hint">${msg('三天内有效，只能使用一次。关闭后不再显示。')}</p>
      <div class="actions">
        ${
          isSecureContext
            ? html`<button class="plain" @click=${this.#copy}>
                ${copyIcon}<span aria-live="polite"
                  >${this.copied ? msg('已复制') : msg('复制')}</span
                >
              </button>`
            : nothing
        }
        <button class="primary" @click=${() => this.dialog.close()}>${msg('关闭')}</button>
      </div>
    </dialog>`;
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.code);
      this.copied = true;
    } catch (cause) {
      // It can still be selected with one click.
      console.error(cause);
    }
  }
}

export function showCode(user: UserSummary, code: string): void {
  const dialog = document.createElement('ev-code-dialog');
  Object.assign(dialog, { user, code });
  document.body.append(dialog);
}

declare global {
  interface HTMLElementTagNameMap {
    'ev-code-dialog': CodeDialog;
  }
}
