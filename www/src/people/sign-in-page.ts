// Signing in: with a password, or with a one-time code by which one chooses one.
import { localized, msg } from '@lit/localize';
import { beginSession, type Code, EvolumeError, requestSession, type Session } from 'evolume';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { controls } from '../parts/controls.ts';
import '../parts/settings-bar.ts';
import { explain } from '../problems.ts';
import { signInStyle } from './sign-in-page.style.ts';

@localized()
@customElement('ev-sign-in-page')
export class SignInPage extends LitElement {
  /** None until the server has said it. */
  @state() private session: Session | null = null;
  @state() private problem: Code | null = null;
  @state() private busy = false;
  @state() private byCode = false;
  @query('form') private form!: HTMLFormElement | null;

  static override styles = [controls, signInStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${msg('登录')} · Evolume`;
    void this.#load();
  }

  protected override firstUpdated(): void {
    this.#field('login')?.focus();
  }

  override render() {
    return html`
      <header><ev-settings-bar></ev-settings-bar></header>
      <main aria-busy=${this.busy}>
        <h1><span>Evolume</span>${msg('登录')}</h1>
        <form @submit=${this.#submit} @keydown=${(event: Event) => event.stopPropagation()}>
          <label for="login">${msg('登录名')}</label>
          <input
            id="login"
            name="login"
            autocomplete="username"
            required
            maxlength="64"
            autocapitalize="none"
            spellcheck="false"
          />
          ${this.byCode ? this.#codeFields() : this.#password(msg('密码'), 'current-password')}
          ${this.#alert()}
          <button class="primary" ?disabled=${this.busy}>
            ${this.busy ? msg('正在登录…') : msg('登录')}
          </button>
          <button type="button" class="plain" @click=${this.#switch}>
            ${this.byCode ? msg('用密码登录') : msg('首次登录或忘记密码：使用一次性验证码')}
          </button>
        </form>
        ${this.#sample()}
      </main>
    `;
  }

  #codeFields(): TemplateResult {
    return html`
      <label for="code">${msg('一次性验证码')}</label>
      <input
        id="code"
        name="code"
        autocomplete="one-time-code"
        required
        maxlength="40"
        spellcheck="false"
        aria-describedby="code-hint"
      />
      <p id="code-hint">${msg('由管理员提供，只能使用一次。')}</p>
      ${this.#password(msg('新密码'), 'new-password')}
      <p>${msg('8 至 128 个字符，可以是一句话。')}</p>
    `;
  }

  #password(label: string, autocomplete: 'current-password' | 'new-password'): TemplateResult {
    return html`
      <label for="password">${label}</label>
      <input id="password" name="password" type="password" autocomplete=${autocomplete} required />
    `;
  }

  /** Always there, so that a screen reader hears what comes into it. */
  #alert(): TemplateResult {
    const told = this.problem && explain(this.problem);
    return html`<div role="alert">
      ${told ? html`<strong>${told.title}</strong><span>${told.advice}</span>` : nothing}
    </div>`;
  }

  #sample(): TemplateResult | typeof nothing {
    const sample = this.session?.sample ?? [];
    if (sample.length === 0) return nothing;
    return html`<section aria-labelledby="sample">
      <h2 id="sample">${msg('示例用户')}</h2>
      <p>${msg('仅限本机试用，无需密码。')}</p>
      <ul>
        ${sample.map(
          ({ login, name }) =>
            html`<li>
              <button
                class="plain"
                ?disabled=${this.busy}
                @click=${() => this.#enter({ sample: login })}
              >
                ${name}
              </button>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  async #load(): Promise<void> {
    try {
      this.session = await requestSession();
    } catch (cause) {
      this.problem = EvolumeError.from(cause, 'server.internal').code;
    }
  }

  #field(name: string): HTMLInputElement | null {
    return this.form?.querySelector<HTMLInputElement>(`[name=${name}]`) ?? null;
  }

  #switch(): void {
    this.byCode = !this.byCode;
    this.problem = null;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const value = (name: string): string => this.#field(name)?.value ?? '';
    const [login, password] = [value('login'), value('password')];
    await this.#enter(this.byCode ? { login, code: value('code'), password } : { login, password });
  }

  async #enter(request: Parameters<typeof beginSession>[0]): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await beginSession(request);
      location.hash = '#/';
    } catch (cause) {
      this.problem = EvolumeError.from(cause, 'server.internal').code;
      const wrong = this.problem === 'identity.code' ? 'code' : 'password';
      this.#field(wrong)?.select();
    } finally {
      this.busy = false;
    }
  }
}
