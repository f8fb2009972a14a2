// Who is signed in, and the way in or out: a corner of the list of cases.
import { localized, msg } from '@lit/localize';
import { dropName, requestSession, type Session } from 'evolume';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { controls } from '../parts/controls.ts';

@localized()
@customElement('ev-account')
export class Account extends LitElement {
  @state() private session: Session | null = null;

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 6px;
        min-width: 0;
        font-size: 13px;
      }

      .name {
        max-width: 12em;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render() {
    if (!this.session) return nothing;
    const { account, principal } = this.session;
    if (!account) return html`<button class="plain" @click=${toSignIn}>${msg('登录')}</button>`;
    return html`
      <span class="name" title=${principal.name}>${principal.name}</span>
      <button class="plain" @click=${this.#signOut}>${msg('退出登录')}</button>
    `;
  }

  async #load(): Promise<void> {
    // Without it the list of cases says what is the matter.
    this.session = await requestSession().catch(() => null);
  }

  async #signOut(): Promise<void> {
    await dropName();
    toSignIn();
  }
}

function toSignIn(): void {
  location.hash = '#/sign-in';
}
