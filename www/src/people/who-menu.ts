// Who one is, in the bars: one's name, one's roles in the case, one's account, and the way out.
import { localized, msg, str } from '@lit/localize';
import { type Code, EvolumeError, type Role } from 'evolume';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { personIcon } from '../icons.ts';
import { controls } from '../parts/controls.ts';
import { menuStyle } from '../parts/menu.style.ts';
import { ObserveController } from '../parts/observe.ts';
import { formProblem } from '../problems.ts';
import { accountHash, membersHash, usersHash } from '../route.ts';
import { who } from './who.ts';
import { roleName, roleNames } from './words.ts';

/** What one is to the case at hand. */
export type Standing = { id: string; roles: readonly Role[]; grants: boolean };

@localized()
@customElement('ev-who-menu')
export class WhoMenu extends LitElement {
  /** Finds out what one is to the case at hand, where there is one; called when the menu opens. */
  @property({ attribute: false }) standing: (() => Promise<Standing | null>) | null = null;
  @state() private menuLoaded = false;
  @state() private open = false;
  @state() private here: Standing | null = null;
  @state() private problem: Code | null = null;
  protected readonly observing = new ObserveController(this, () => who);

  static override styles = [
    controls,
    menuStyle,
    css`
      :host {
        min-width: 0;
      }

      wa-dropdown {
        min-width: 0;
      }

      .me {
        max-width: 11em;
        min-width: var(--control);
        padding: 0 8px;
      }

      .me span {
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .me svg {
        color: var(--quiet);
      }

      .about {
        max-width: 19em;
        padding: 6px 14px 8px;
        overflow-wrap: anywhere;
      }

      .about b {
        display: block;
        font-weight: 600;
      }

      .about small {
        color: var(--quiet);
        font-size: 12px;
      }

      .about .problem {
        color: var(--warning);
      }

      @media (max-width: 700px) {
        .me span {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }
    `,
  ];

  override render() {
    if (!who.session) return nothing;
    if (!who.known) return this.#enter();
    return this.menuLoaded ? this.#menu() : this.#trigger(() => void this.#load());
  }

  /** Nobody is known: the way in. */
  #enter(): TemplateResult {
    return html`<button class="me" title=${msg('登录')} @click=${() => void this.#ask()}>
      ${personIcon}<span>${msg('登录')}</span>
    </button>`;
  }

  async #ask(): Promise<void> {
    // Whoever was signed out elsewhere goes on where they are.
    if (who.lost) (await import('./sign-in-dialog.ts')).openSignIn();
    else who.ask();
  }

  #trigger(click?: () => void): TemplateResult {
    const name = who.session?.principal.name ?? '';
    return html`<button
      slot="trigger"
      class="me"
      title=${name}
      aria-label=${msg(str`当前用户：${name}`)}
      aria-haspopup="menu"
      aria-expanded=${this.open}
      @click=${click}
    >
      ${personIcon}<span>${name}</span>
    </button>`;
  }

  #menu(): TemplateResult {
    const account = who.session?.account;
    return html`<wa-dropdown
      placement="bottom-end"
      .open=${this.open}
      @wa-show=${this.#show}
      @wa-hide=${() => (this.open = false)}
      @wa-select=${this.#select}
    >
      ${this.#trigger()} ${this.#about()}
      <hr role="separator" />
      ${account ? this.#item('account', msg('密码与登录设备')) : this.#item('sign-in', msg('用账户登录'))}
      ${this.here?.grants ? this.#item('members', msg('本案成员')) : nothing}
      ${who.administrator ? this.#item('users', msg('用户管理')) : nothing}
      <hr role="separator" />
      ${this.#item('leave', account ? msg('退出登录') : msg('放弃临时身份'))}
    </wa-dropdown>`;
  }

  #about(): TemplateResult {
    const { principal, account } = who.session ?? {};
    const roles = roleNames((this.here?.roles ?? []).filter((role) => role !== 'administrator'));
    const house = who.administrator ? roleName('administrator') : '';
    const said = account
      ? [house, roles && msg(str`本案：${roles}`)].filter(Boolean).join(' · ')
      : msg('临时身份，仅限本机');
    return html`<div class="about" role="presentation">
      <b>${principal?.name}</b>
      ${said ? html`<small>${said}</small>` : nothing}
      ${this.problem ? html`<small class="problem" role="alert">${formProblem(this.problem)}</small>` : nothing}
    </div>`;
  }

  #item(value: string, label: string): TemplateResult {
    return html`<wa-dropdown-item value=${value}>${label}</wa-dropdown-item>`;
  }

  async #load(): Promise<void> {
    await import('../parts/menu.ts');
    this.menuLoaded = true;
    await this.updateComplete;
    this.open = true;
  }

  readonly #show = (): void => {
    this.open = true;
    // What one is to the case is good to know; without it the rest still works.
    void this.standing?.().then(
      (here) => (this.here = here),
      (cause: unknown) => console.error(cause),
    );
  };

  async #select(event: CustomEvent<{ item: { value: string } }>): Promise<void> {
    switch (event.detail.item.value) {
      case 'account':
        location.hash = accountHash();
        return;
      case 'users':
        location.hash = usersHash();
        return;
      case 'members':
        if (this.here) location.hash = membersHash(this.here.id);
        return;
      case 'sign-in':
        who.ask();
        return;
      case 'leave':
        return this.#leave(event);
    }
  }

  async #leave(event: Event): Promise<void> {
    this.problem = null;
    try {
      await who.end();
    } catch (cause) {
      event.preventDefault();
      this.problem = EvolumeError.from(cause, 'server.internal').code;
      this.open = true;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ev-who-menu': WhoMenu;
  }
}
