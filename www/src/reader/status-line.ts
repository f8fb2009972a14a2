// The status line: where one is, and whether what one sees is all there is to see.
import { localized, msg, str } from '@lit/localize';
import type { Manifest, Status, ViewerProblem } from 'evolume';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { notice } from '../words.ts';

@localized()
@customElement('ev-status-line')
export class StatusLine extends LitElement {
  @property({ attribute: false }) status: Status | null = null;
  @property({ attribute: false }) manifest: Manifest | null = null;
  @property({ attribute: false }) problem: ViewerProblem | null = null;

  static override styles = css`
    :host {
      display: flex;
      align-items: center;
      gap: 18px;
      height: 26px;
      padding: 0 14px;
      border-top: 1px solid var(--line);
      background: var(--bar);
      color: var(--quiet);
      font-size: 12px;
      white-space: nowrap;
    }

    :host([hidden]) {
      display: none;
    }

    .place {
      min-width: 0;
      overflow: hidden;
      text-overflow: ellipsis;
    }

    .problem {
      min-width: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      color: var(--warning);
    }

    code {
      margin-left: 6px;
      opacity: 0.8;
      font-size: 11px;
    }

    .loading {
      flex: none;
      margin-left: auto;
    }
  `;

  override render() {
    return html`
      <span class="place">${this.#place()}</span>
      ${this.status?.zoom ? html`<span>${Math.round(this.status.zoom)}%</span>` : nothing}
      ${this.#problem()}
      <span class="loading" aria-live="polite">${this.#loading()}</span>
    `;
  }

  #place(): string {
    const status = this.status;
    const material = status && this.manifest?.materials[status.material];
    if (!material || status.page === 0) return '';
    return msg(str`第${status.page}页 · ${material.title} 第${status.page_in_material}页`);
  }

  #problem(): TemplateResult | typeof nothing {
    if (this.problem) {
      const { code, page } = this.problem;
      return html`<span class="problem" role="status"
        >${notice(code, page)}<code>${code}</code></span
      >`;
    }
    const failed = this.status?.failed ?? 0;
    if (failed === 0) return nothing;
    return html`<span class="problem" role="status">${msg(str`${failed} 页无法显示`)}</span>`;
  }

  #loading(): string {
    if (!this.manifest) return msg('正在打开卷宗');
    if (!this.status?.readable) return msg('正在载入页面');
    return this.status.sharp ? '' : msg('正在提高清晰度');
  }
}
