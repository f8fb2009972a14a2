// Signing in: with login and password, or with an administrator's one-time code and the password that one chooses.
import { localized, msg, str } from '@lit/localize';
import { type Code, EvolumeError, type SessionRequest } from 'evolume';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { controls } from '../parts/controls.ts';
import { formProblem } from '../problems.ts';
import { recall, remember } from '../storage.ts';
import { formStyle } from './form.style.ts';
import { PasswordInput, passwordStyle } from './password-input.ts';
import { who } from './who.ts';
import { hour } from './words.ts';

@localized()
@customElement('ev-sign-in-form')
export class SignInForm extends LitElement {
  /** Who it is to be; the others are not asked for. */
  @property() login = recall('login') ?? '';
  /** With a one-time code instead of a password. */
  @state() private byCode = false;
  @state() private busy = false;
  @state() private problem: Code | null = null;
  /** Until then the server takes no other try: milliseconds since 1970. */
  @state() private locked: number | null = null;
  @query('#login') private loginInput!: HTMLInputElement | null;
  @query('#code') private codeInput!: HTMLInputElement | null;
  readonly #password: PasswordInput = new PasswordInput(this, 'current-password');
  readonly #chosen: PasswordInput = new PasswordInput(this, 'new-password');
  #unlocking: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    controls,
    formStyle,
    passwordStyle,
    css`
      :host {
        display: block;
      }

      #code {
        font-variant-numeric: tabular-nums;
        letter-spacing: 0.08em;
      }

      .other {
        align-self: center;
        color: var(--quiet);
        font-size: 13px;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#unlocking);
  }

  override focus(): void {
    if (this.loginInput?.value) this.secret.focus();
    else this.loginInput?.focus();
  }

  override render() {
    // What is typed here would cross the network in the clear, and the server takes nothing that did.
    if (!isSecureContext) return this.#alert('identity.insecure');
    return html`<form @submit=${this.#submit} novalidate aria-busy=${this.busy}>
      <div class="field">
        <label for="login">${msg('登录名')}</label>
        <input
          id="login"
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          maxlength="100"
          required
          aria-invalid=${this.problem === 'identity.wrong'}
          .value=${this.login}
        />
      </div>
      ${this.byCode ? this.#code() : this.#password.render({ label: msg('密码'), wrong: this.problem === 'identity.wrong' })}
      ${this.problem ? this.#alert(this.problem) : nothing}
      <button class="primary" ?disabled=${this.busy || this.locked !== null}>
        ${this.busy ? msg('正在登录') : msg('登录')}
      </button>
      <button type="button" class="other" @click=${this.#switch}>
        ${this.byCode ? msg('使用密码登录') : msg('首次登录或忘记密码')}
      </button>
    </form>`;
  }

  #code(): TemplateResult {
    return html`<div class="field">
        <label for="code">${msg('一次性验证码')}</label>
        <input
          id="code"
          name="code"
          autocomplete="one-time-code"
          autocapitalize="characters"
          spellcheck="false"
          maxlength="64"
          required
          aria-invalid=${this.problem === 'identity.code'}
          aria-describedby="code-hint"
        />
        <p id="code-hint" class="hint">${msg('由系统管理员提供，只能使用一次')}</p>
      </div>
      ${this.#chosen.render({
        label: msg('新密码'),
        hint: msg('至少 8 个字符，不要使用常见密码'),
        wrong: this.problem === 'password.length' || this.problem === 'password.common',
      })}`;
  }

  #alert(code: Code): TemplateResult {
    const until = this.locked === null ? '' : hour(this.locked);
    const text =
      code === 'identity.locked' && until
        ? msg(str`失败次数过多，请在 ${until} 之后重试`)
        : formProblem(code);
    return html`<p class="problem" role="alert">${text}<code>${code}</code></p>`;
  }

  private get secret(): PasswordInput {
    return this.byCode ? this.#chosen : this.#password;
  }

  #switch(): void {
    this.byCode = !this.byCode;
    this.problem = null;
    void this.updateComplete.then(() => {
      if (!this.loginInput?.value) this.loginInput?.focus();
      else if (this.byCode) this.codeInput?.focus();
      else this.#password.focus();
    });
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy || this.locked !== null) return;
    const form = event.target as HTMLFormElement;
    const empty = [...form.querySelectorAll('input')].find(({ value }) => value.trim() === '');
    if (empty) return empty.focus();
    const login = this.loginInput?.value.trim() ?? '';
    const code = this.codeInput?.value.trim();
    const password = this.secret.value;
    this.login = login;
    this.problem = null;
    await this.#begin(code === undefined ? { login, password } : { login, code, password });
  }

  async #begin(request: SessionRequest & { login: string }): Promise<void> {
    this.busy = true;
    try {
      await who.begin(request);
      remember('login', request.login);
      this.secret.clear();
      this.dispatchEvent(new Event('signed-in', { bubbles: true, composed: true }));
    } catch (cause) {
      const { code, wait } = EvolumeError.from(cause, 'server.internal');
      if (code === 'identity.locked') this.#lock(wait ?? 1);
      this.problem = code;
    }
    this.busy = false;
    if (!this.problem) return;
    await this.updateComplete;
    if (this.problem === 'identity.code') this.codeInput?.focus();
    else this.secret.focus();
  }

  #lock(seconds: number): void {
    this.locked = Date.now() + seconds * 1000;
    clearTimeout(this.#unlocking);
    this.#unlocking = setTimeout(() => {
      this.locked = null;
      if (this.problem === 'identity.locked') this.problem = null;
    }, seconds * 1000);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ev-sign-in-form': SignInForm;
  }
}
