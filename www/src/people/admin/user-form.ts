// Adds somebody with an account.
import { localized, msg } from '@lit/localize';
import { type Code, EvolumeError } from 'evolume';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { controls } from '../../parts/controls.ts';
import { formProblem } from '../../problems.ts';
import { formStyle } from '../form.style.ts';
import { showCode } from './code-dialog.ts';
import { addUser } from './users.ts';

@localized()
@customElement('ev-user-form')
export class UserForm extends LitElement {
  @state() private busy = false;
  @state() private problem: Code | null = null;
  @query('#name') private nameInput!: HTMLInputElement;
  @query('#login') private loginInput!: HTMLInputElement;
  @query('#administrator') private administratorInput!: HTMLInputElement;

  static override styles = [
    controls,
    formStyle,
    css`
      :host {
        display: block;
        border-bottom: 1px solid var(--line);
      }

      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
        gap: 14px;
      }

      .choice {
        display: flex;
        align-items: center;
        gap: 8px;
      }

      .choice input {
        width: 18px;
        height: 18px;
        margin: 0;
        accent-color: var(--accent);
      }

      .actions {
        display: flex;
        gap: 10px;
      }
    `,
  ];

  protected override firstUpdated(): void {
    this.nameInput.focus();
  }

  override render() {
    const { problem } = this;
    return html`<form @submit=${this.#submit} novalidate>
      <div class="fields">
        <div class="field">
          <label for="name">${msg('姓名')}</label>
          <input
            id="name"
            autocomplete="off"
            maxlength="40"
            required
            aria-invalid=${problem === 'identity.name'}
          />
        </div>
        <div class="field">
          <label for="login">${msg('登录名')}</label>
          <input
            id="login"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            maxlength="64"
            required
            aria-invalid=${problem === 'login.taken' || problem === 'login.invalid'}
          />
        </div>
      </div>
      <label class="choice">
        <input id="administrator" type="checkbox" />
        <span
          >${msg('系统管理员')}
          <span class="hint">${msg('管理用户；不因此看到任何案件')}</span></span
        >
      </label>
      ${problem ? html`<p class="problem" role="alert">${formProblem(problem)}<code>${problem}</code></p>` : nothing}
      <div class="actions">
        <button class="primary" ?disabled=${this.busy}>${msg('添加')}</button>
        <button type="button" class="plain" @click=${() => this.dispatchEvent(new Event('cancel'))}>
          ${msg('取消')}
        </button>
      </div>
    </form>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const inputs = [this.nameInput, this.loginInput];
    const empty = inputs.find(({ value }) => value.trim() === '');
    if (empty) return empty.focus();
    this.busy = true;
    this.problem = null;
    try {
      const [name, login] = inputs.map(({ value }) => value.trim());
      const administrator = this.administratorInput.checked;
      const { user, code } = await addUser({ name: name ?? '', login: login ?? '', administrator });
      showCode(user, code);
      this.dispatchEvent(new Event('added'));
    } catch (cause) {
      this.problem = EvolumeError.from(cause, 'server.internal').code;
      (this.problem === 'identity.name' ? this.nameInput : this.loginInput).focus();
    }
    this.busy = false;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ev-user-form': UserForm;
  }
}
