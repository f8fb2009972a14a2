// The dialog while a file of the reader's own is opened.
import { localized, msg } from '@lit/localize';
import type { Code } from 'evolume';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { controls } from '../parts/controls.ts';
import { explain } from '../problems.ts';

type State = { at: 'opening' } | { at: 'password'; wrong: boolean } | { at: 'failed'; code: Code };

@localized()
@customElement('ev-local-dialog')
export class LocalDialog extends LitElement {
  @property() name = '';
  /** The reader has given it up. */
  given = false;
  @state() private now: State = { at: 'opening' };
  @query('dialog') private dialog!: HTMLDialogElement;
  @query('input') private field!: HTMLInputElement | null;
  #answer: ((password: string | null) => void) | null = null;

  static override styles = [
    controls,
    css`
      dialog {
        width: min(25em, 100vw - 32px);
        padding: 20px 22px;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        background: var(--raised);
        color: var(--text);
        box-shadow: 0 10px 40px rgb(0 0 0 / 22%);
      }

      dialog::backdrop {
        background: rgb(0 0 0 / 28%);
      }

      h2 {
        margin: 0 0 4px;
        font-size: 16px;
      }

      p {
        margin: 0;
        color: var(--quiet);
        overflow-wrap: anywhere;
      }

      input {
        width: 100%;
        margin-top: 14px;
        padding: 0 10px;
      }

      .wrong {
        margin-top: 6px;
        color: var(--warning);
      }

      .actions {
        display: flex;
        align-items: center;
        justify-content: flex-end;
        gap: 10px;
        margin-top: 18px;
      }

      code {
        margin-right: auto;
        color: var(--quiet);
        font-size: 12px;
      }

      .bar {
        height: 3px;
        margin-top: 16px;
        border-radius: 2px;
        overflow: hidden;
        background: var(--hover);
      }

      .bar::after {
        content: '';
        display: block;
        width: 35%;
        height: 100%;
        background: var(--accent);
        animation: run 1.2s ease-in-out infinite alternate;
      }

      @keyframes run {
        to {
          transform: translateX(186%);
        }
      }

      @media (prefers-reduced-motion: reduce) {
        .bar::after {
          width: 100%;
          animation: none;
          opacity: 0.5;
        }
      }
    `,
  ];

  override firstUpdated(): void {
    this.dialog.showModal();
  }

  override render() {
    return html`<dialog aria-labelledby="title" @cancel=${this.#cancel}>
      ${this.#content()}
    </dialog>`;
  }

  /** Answers what is typed, or null. */
  async askPassword(wrong: boolean): Promise<string | null> {
    if (this.given) return null;
    this.now = { at: 'password', wrong };
    await this.updateComplete;
    this.field?.focus();
    this.field?.select();
    return new Promise((answer) => (this.#answer = answer));
  }

  /** Resolves when the reader has taken note. */
  async tell(code: Code): Promise<void> {
    if (this.given) return;
    this.now = { at: 'failed', code };
    await new Promise<void>((answer) => (this.#answer = () => answer()));
  }

  #content(): TemplateResult {
    switch (this.now.at) {
      case 'opening':
        return html`<h2 id="title">${msg('正在打开本机文件')}</h2>
          <p>${this.name}</p>
          <div class="bar" role="progressbar" aria-labelledby="title"></div>
          <div class="actions">
            <button class="plain" @click=${this.#cancel}>${msg('取消')}</button>
          </div>`;
      case 'password':
        return html`<form @submit=${this.#submit}>
          <h2 id="title">${msg('此文件需要密码')}</h2>
          <p>${this.name}</p>
          <input type="password" autocomplete="off" aria-label=${msg('密码')} required />
          ${this.now.wrong ? html`<p class="wrong" role="alert">${msg('密码不正确，请重试。')}</p>` : ''}
          <div class="actions">
            <button type="button" class="plain" @click=${this.#cancel}>${msg('取消')}</button>
            <button class="primary">${msg('打开')}</button>
          </div>
        </form>`;
      case 'failed': {
        const { title, advice } = explain(this.now.code);
        return html`<div role="alert">
            <h2 id="title">${title}</h2>
            <p>${this.name}</p>
            <p>${advice}</p>
          </div>
          <div class="actions">
            <code>${this.now.code}</code>
            <button class="primary" @click=${this.#cancel}>${msg('关闭')}</button>
          </div>`;
      }
    }
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const password = this.field?.value ?? '';
    this.now = { at: 'opening' };
    this.#settle(password);
  }

  readonly #cancel = (): void => {
    this.given = true;
    this.dialog.close();
    this.#settle(null);
  };

  #settle(answer: string | null): void {
    this.#answer?.(answer);
    this.#answer = null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ev-local-dialog': LocalDialog;
  }
}
