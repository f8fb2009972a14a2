// Asks for a name where one is needed, or for an account where names are not enough, and blocks nothing.
import { localized, msg } from '@lit/localize';
import { type Code, EvolumeError } from 'evolume';
import { css, html, LitElement } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { controls } from '../parts/controls.ts';
import { recall, remember } from '../storage.ts';
import { ObserveController } from '../parts/observe.ts';
import type { Marks } from './marks.ts';
import { markProblem } from '../problems.ts';

@localized()
@customElement('ev-sign-in')
export class SignIn extends LitElement {
  @property({ attribute: false }) marks: Marks | null = null;
  @state() private problem: Code | null = null;
  @state() private busy = false;
  @query('input') private input!: HTMLInputElement | null;

  protected readonly observing = new ObserveController(this, () => this.marks);

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      form {
        display: flex;
        align-items: center;
        gap: 6px;
      }

      label {
        flex: none;
        font-size: 13px;
      }

      input {
        flex: 1;
        width: 130px;
        min-width: 0;
        padding: 0 8px;
      }

      p {
        margin: 6px 0 0;
        color: var(--quiet);
        font-size: 12px;
      }

      p[role='alert'] {
        color: var(--warning);
      }
    `,
  ];

  override focus(): void {
    this.input?.focus();
  }

  override render() {
    if (this.marks?.session?.provisional === false) {
      return html`<button class="primary" @click=${this.#signIn}>${msg('登录后批注')}</button>`;
    }
    return html`
      <form @submit=${this.#enter}>
        <label for="name">${msg('姓名')}</label>
        <input
          id="name"
          autocomplete="name"
          maxlength="40"
          required
          .value=${recall('name') ?? ''}
          @keydown=${(event: KeyboardEvent) => event.stopPropagation()}
        />
        <button class="primary" ?disabled=${this.busy}>${msg('开始批注')}</button>
      </form>
      ${
        this.problem
          ? html`<p role="alert">${markProblem(this.problem)}</p>`
          : html`<p>${msg('临时身份，仅限本机：批注将署此姓名')}</p>`
      }
    `;
  }

  async #signIn(): Promise<void> {
    const { openSignIn } = await import('../people/sign-in-dialog.ts');
    openSignIn();
  }

  async #enter(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const name = this.input?.value.trim() ?? '';
    this.busy = true;
    this.problem = null;
    try {
      await this.marks?.enter(name);
      remember('name', name);
      this.dispatchEvent(new Event('entered', { bubbles: true, composed: true }));
    } catch (cause) {
      this.problem = EvolumeError.from(cause, 'server.internal').code;
    } finally {
      this.busy = false;
    }
  }
}
