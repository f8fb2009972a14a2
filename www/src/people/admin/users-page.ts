// Everybody with an account, for administrators: find, add, disable, and give a code by which one chooses a password.
import { localized, msg, str } from '@lit/localize';
import { type Code, EvolumeError, type UserSummary } from 'evolume';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { plusIcon, searchIcon } from '../../icons.ts';
import { controls } from '../../parts/controls.ts';
import '../../parts/failure.ts';
import { formProblem } from '../../problems.ts';
import { formStyle } from '../form.style.ts';
import '../page.ts';
import { sectionStyle } from '../section.style.ts';
import { who } from '../who.ts';
import { showCode } from './code-dialog.ts';
import './user-form.ts';
import { changeUser, filterUsers, loadUsers, makeCode } from './users.ts';

/** So many are listed at once; who looks for somebody types. */
const SHOWN = 200;

@localized()
@customElement('ev-users-page')
export class UsersPage extends LitElement {
  @state() private users: readonly UserSummary[] | null = null;
  @state() private failure: Code | null = null;
  @state() private query = '';
  @state() private adding = false;
  /** What went wrong with one of them. */
  @state() private problem: { user: string; code: Code } | null = null;
  @state() private busy: string | null = null;

  static override styles = [
    controls,
    formStyle,
    sectionStyle,
    css`
      .filter {
        position: relative;
        flex: 0 1 280px;
      }

      .filter svg {
        position: absolute;
        left: 8px;
        top: calc(50% - 9px);
        width: 18px;
        height: 18px;
        color: var(--quiet);
      }

      .filter input {
        width: 100%;
        padding: 0 8px 0 32px;
      }

      h2 {
        white-space: nowrap;
      }

      @media (max-width: 700px) {
        .filter {
          order: 1;
          flex: 1 0 100%;
        }
      }

      .off .person {
        opacity: 0.7;
      }

      li .problem {
        flex: 1 0 100%;
      }

      .skeleton i {
        display: block;
        width: 180px;
        height: 12px;
        border-radius: 4px;
        background: var(--line);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render() {
    return html`<ev-page heading=${msg('用户管理')}>
      ${
        this.failure
          ? html`<ev-failure back code=${this.failure} @retry=${this.#load}></ev-failure>`
          : this.#list()
      }
    </ev-page>`;
  }

  #list(): TemplateResult {
    const { users } = this;
    return html`<section aria-labelledby="users" aria-busy=${users === null}>
      <header>
        <h2 id="users">${users ? msg(str`用户（${users.length}）`) : msg('用户')}</h2>
        <label class="filter">
          ${searchIcon}
          <input
            type="search"
            autocomplete="off"
            spellcheck="false"
            placeholder=${msg('姓名或登录名')}
            aria-label=${msg('筛选用户')}
            @input=${(event: InputEvent) => (this.query = (event.target as HTMLInputElement).value)}
          />
        </label>
        <button
          class="plain"
          aria-expanded=${this.adding}
          @click=${() => (this.adding = !this.adding)}
        >
          ${plusIcon} ${msg('新用户')}
        </button>
      </header>
      ${
        this.adding
          ? html`<ev-user-form
              class="body"
              @added=${() => {
                this.adding = false;
                void this.#load();
              }}
              @cancel=${() => (this.adding = false)}
            ></ev-user-form>`
          : nothing
      }
      ${users ? this.#found(users) : this.#skeleton()}
    </section>`;
  }

  #found(users: readonly UserSummary[]): TemplateResult {
    if (users.length === 0) return html`<p class="none">${msg('还没有用户')}</p>`;
    const found = filterUsers(users, this.query);
    if (found.length === 0) {
      return html`<p class="none" role="status">${msg(str`没有符合“${this.query}”的用户`)}</p>`;
    }
    return html`<ul>
        ${repeat(
          found.slice(0, SHOWN),
          (user) => user.id,
          (user) => this.#user(user),
        )}
      </ul>
      ${
        found.length > SHOWN
          ? html`<p class="none">
              ${msg(str`另有 ${found.length - SHOWN} 人，请输入姓名或登录名查找`)}
            </p>`
          : nothing
      }`;
  }

  #user(user: UserSummary): TemplateResult {
    const self = user.id === who.session?.principal.id;
    return html`<li class=${user.disabled ? 'off' : ''}>
      <span class="person" title="${user.name} · ${user.login}">
        <b>${user.name}</b><small>${user.login}</small>
      </span>
      ${user.administrator ? html`<span class="tag accent">${msg('系统管理员')}</span>` : nothing}
      ${user.disabled ? html`<span class="tag warning">${msg('已停用')}</span>` : nothing}
      ${self ? html`<span class="tag">${msg('您')}</span>` : this.#actions(user)}
      ${
        this.problem?.user === user.id
          ? html`<p class="problem" role="alert">
              ${formProblem(this.problem.code)}<code>${this.problem.code}</code>
            </p>`
          : nothing
      }
    </li>`;
  }

  #actions(user: UserSummary): TemplateResult {
    const busy = this.busy === user.id;
    const name = user.name;
    const toggle = user.disabled ? msg('启用') : msg('停用');
    return html`<button
        class="plain"
        ?hidden=${user.disabled}
        ?disabled=${busy}
        title=${msg('给出一次性验证码；原密码失效，所有设备退出登录')}
        aria-label=${msg(str`重置${name}的密码`)}
        @click=${() => void this.#code(user)}
      >
        ${msg('重置密码')}
      </button>
      <button
        class="plain"
        ?disabled=${busy}
        aria-label="${toggle} ${name}"
        @click=${() => void this.#toggle(user)}
      >
        ${toggle}
      </button>`;
  }

  #skeleton(): TemplateResult {
    return html`<span class="hidden" role="status">${msg('正在载入')}</span>
      <ul class="skeleton" aria-hidden="true">
        ${[0, 1, 2, 3].map(() => html`<li><i></i></li>`)}
      </ul>`;
  }

  async #load(): Promise<void> {
    this.failure = null;
    try {
      this.users = await loadUsers();
    } catch (cause) {
      const { code } = EvolumeError.from(cause, 'server.internal');
      // Nothing is there for others; strangers may be administrators who have not signed in.
      if (code !== 'not_found' || !(await who.askStranger())) this.failure = code;
    }
  }

  async #code(user: UserSummary): Promise<void> {
    await this.#act(user, async () => {
      const { code } = await makeCode(user);
      showCode(user, code);
    });
  }

  async #toggle(user: UserSummary): Promise<void> {
    await this.#act(user, async () => {
      const changed = await changeUser(user, { disabled: !user.disabled });
      this.users = (this.users ?? []).map((one) => (one.id === changed.id ? changed : one));
    });
  }

  async #act(user: UserSummary, act: () => Promise<void>): Promise<void> {
    this.busy = user.id;
    this.problem = null;
    try {
      await act();
    } catch (cause) {
      const { code } = EvolumeError.from(cause, 'server.internal');
      this.problem = { user: user.id, code };
    }
    this.busy = null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ev-users-page': UsersPage;
  }
}
