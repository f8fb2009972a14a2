// A failure in place of the content: what happened, what to do, and the code for whoever is asked.
import { localized, msg } from '@lit/localize';
import type { Code } from 'evolume';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { warningIcon } from '../icons.ts';
import { explain } from '../problems.ts';
import { controls } from './controls.ts';

@localized()
@customElement('ev-failure')
export class Failure extends LitElement {
  @property() code: Code = 'server.internal';
  /** Offers the way back to the cases. */
  @property({ type: Boolean }) back = false;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        place-content: center;
        padding: 32px 24px;
      }

      [role='alert'] {
        max-width: 26em;
        text-align: center;
      }

      svg {
        width: 32px;
        height: 32px;
        color: var(--warning);
      }

      :is(h1, h2) {
        margin: 8px 0 4px;
        font-size: 18px;
      }

      p {
        margin: 0 0 20px;
        color: var(--quiet);
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 10px;
      }

      .code {
        margin: 20px 0 0;
        font-size: 12px;
      }
    `,
  ];

  override render() {
    const { title, advice } = explain(this.code);
    return html`<div role="alert">
      ${warningIcon} ${this.back ? html`<h1>${title}</h1>` : html`<h2>${title}</h2>`}
      <p>${advice}</p>
      <div class="actions">
        <button class="primary" @click=${this.#retry}>${this.#action()}</button>
        ${this.back ? html`<a class="button plain" href="#/">${msg('返回案件列表')}</a>` : nothing}
      </div>
      <p class="code">${msg('代码')} <code>${this.code}</code></p>
    </div>`;
  }

  #action(): string {
    if (this.code === 'viewer.panic') return msg('重新载入');
    return this.code === 'local.gone' ? msg('选择文件') : msg('重试');
  }

  #retry(): void {
    this.dispatchEvent(new CustomEvent('retry'));
  }
}
