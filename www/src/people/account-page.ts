// One's own account: another password, and where one is signed in.
import { localized, msg } from '@lit/localize';
import { type Code, type Device, EvolumeError, requestJson } from 'evolume';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { controls } from '../parts/controls.ts';
import '../parts/failure.ts';
import { formProblem } from '../problems.ts';
import { formStyle } from './form.style.ts';
import './page.ts';
import { PasswordInput, passwordStyle } from './password-input.ts';
import { sectionStyle } from './section.style.ts';
import { who } from './who.ts';
import { moment } from './words.ts';

const DEVICES = '/api/v1/session/devices';

@localized()
@customElement('ev-account-page')
export class AccountPage extends LitElement {
  @state() private devices: readonly Device[] | null = null;
  @state() private failure: Code | null = null;
  /** What went wrong with a device. */
  @state() private deviceProblem: Code | null = null;
  @state() private passwordProblem: Code | null = null;
  @state() private changed = false;
  @state() private busy = false;
  readonly #old = new PasswordInput(this, 'current-password');
  readonly #new = new PasswordInput(this, 'new-password');

  static override styles = [
    controls,
    formStyle,
    passwordStyle,
    sectionStyle,
    css`
      form {
        max-width: 22em;
      }

      .person small {
        white-space: normal;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render() {
    return html`<ev-page heading=${msg('密码与登录设备')}>
      ${
        this.failure
          ? html`<ev-failure code=${this.failure} @retry=${this.#load}></ev-failure>`
          : html`${this.#devices()} ${this.#password()}`
      }
    </ev-page>`;
  }

  #devices(): TemplateResult {
    const { devices } = this;
    return html`<section aria-labelledby="devices" aria-busy=${devices === null}>
      <header>
        <h2 id="devices">${msg('登录设备')}</h2>
        <button class="plain" @click=${() => void this.#everywhere()}>
          ${msg('在所有设备上退出')}
        </button>
      </header>
      ${this.#problem(this.deviceProblem)}
      ${
        devices
          ? html`<ul>
              ${devices.map((device) => this.#device(device))}
            </ul>`
          : html`<p class="none" role="status">${msg('正在载入')}</p>`
      }
    </section>`;
  }

  #device(device: Device): TemplateResult {
    return html`<li>
      <span class="person">
        <b>${device.label || msg('未知设备')}</b>
        <small
          >${msg('登录')} ${moment(device.created)} · ${msg('最近活动')}
          ${moment(device.seen)}</small
        >
      </span>
      ${
        device.here
          ? html`<span class="tag accent">${msg('本机')}</span>`
          : html`<button class="plain" @click=${() => void this.#signOut(device)}>
              ${msg('退出')}
            </button>`
      }
    </li>`;
  }

  #password(): TemplateResult {
    const { passwordProblem: problem } = this;
    return html`<section aria-labelledby="change">
      <header><h2 id="change">${msg('修改密码')}</h2></header>
      <form class="body" @submit=${this.#change} novalidate>
        ${this.#old.render({ label: msg('当前密码'), wrong: problem === 'identity.wrong' })}
        ${this.#new.render({
          label: msg('新密码'),
          hint: msg('至少 8 个字符，不要使用常见密码'),
          wrong: problem === 'password.length' || problem === 'password.common',
        })}
        ${
          problem
            ? html`<p class="problem" role="alert">
                ${problem === 'identity.wrong' ? msg('当前密码不正确') : formProblem(problem)}<code
                  >${problem}</code
                >
              </p>`
            : nothing
        }
        ${this.changed ? html`<p class="done" role="status">${msg('密码已修改，其他设备已退出登录')}</p>` : nothing}
        <button class="primary" ?disabled=${this.busy}>${msg('修改密码')}</button>
      </form>
    </section>`;
  }

  #problem(code: Code | null): TemplateResult | typeof nothing {
    if (!code) return nothing;
    return html`<p class="problem" role="alert">${formProblem(code)}<code>${code}</code></p>`;
  }

  async #load(): Promise<void> {
    this.failure = null;
    try {
      this.devices = await requestJson<Device[]>(DEVICES);
    } catch (cause) {
      const { code } = EvolumeError.from(cause, 'server.internal');
      if (code === 'identity.required') who.ask();
      else this.failure = code;
    }
  }

  async #signOut({ id }: Device): Promise<void> {
    await this.#try(async () => {
      const url = `${DEVICES}/${encodeURIComponent(id)}`;
      await requestJson(url, undefined, { method: 'DELETE' });
      await this.#load();
    });
  }

  async #everywhere(): Promise<void> {
    await this.#try(async () => {
      await who.end(true);
      location.hash = '#/';
    });
  }

  async #try(act: () => Promise<void>): Promise<void> {
    this.deviceProblem = null;
    try {
      await act();
    } catch (cause) {
      this.deviceProblem = EvolumeError.from(cause, 'server.internal').code;
    }
  }

  async #change(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    if (!this.#old.value) return this.#old.focus();
    if (!this.#new.value) return this.#new.focus();
    this.busy = true;
    this.changed = false;
    this.passwordProblem = null;
    try {
      await who.changePassword(this.#old.value, this.#new.value);
      this.#old.clear();
      this.#new.clear();
      this.changed = true;
      await this.#load();
    } catch (cause) {
      const { code } = EvolumeError.from(cause, 'server.internal');
      this.passwordProblem = code;
      (code === 'identity.wrong' ? this.#old : this.#new).focus();
    }
    this.busy = false;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ev-account-page': AccountPage;
  }
}
