// The status line: where one is, and whether what one sees is all there is to see.
import { localized, msg, str } from '@lit/localize';
import { type Manifest, Numbering, type Status, type ViewerProblem } from 'evolume';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { isLocal } from '../local/shelf.ts';
import type { Present } from '../marks/marks.ts';
import type { Saving } from '../marks/saving.ts';
import { personPlace, savingSentence } from '../marks/words.ts';
import { notice } from '../problems.ts';
import './announcer.ts';
import { labelOf } from '../materials/labels.ts';
import { textOrigin } from '../materials/scans.ts';
import { originalUrl, recordingName, remarks, sourceName } from '../materials/sources.ts';

/** So many people are named; the others are counted. */
const NAMED = 3;

@localized()
@customElement('ev-status-line')
export class StatusLine extends LitElement {
  @property({ attribute: false }) status: Status | null = null;
  @property({ attribute: false }) manifest: Manifest | null = null;
  @property({ attribute: false }) problem: ViewerProblem | null = null;
  @property({ attribute: false }) saving: Saving | null = null;
  /** Files may be downloaded as they were received. */
  @property({ type: Boolean }) downloads = false;
  @property({ attribute: false }) people: readonly Present[] = [];

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

    .source,
    .text {
      flex: none;
    }

    a {
      color: inherit;
    }

    a:hover {
      color: var(--text);
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

    .saving {
      flex: none;
    }

    .saving::before {
      content: '';
      display: inline-block;
      width: 8px;
      height: 8px;
      margin-right: 5px;
      border: 1.5px solid currentcolor;
      border-radius: 50%;
    }

    .saving.server,
    .saving.offline-server {
      color: var(--safe);
    }

    .saving.server::before {
      background: currentcolor;
    }

    .saving:is(.refused, .memory, .ended) {
      color: var(--warning);
    }

    .local {
      flex: none;
      color: var(--safe);
    }

    .loading {
      flex: none;
      margin-left: auto;
    }

    .people {
      display: flex;
      gap: 14px;
      min-width: 0;
      overflow: hidden;
    }

    button {
      padding: 0;
      border: none;
      background: none;
      color: inherit;
      font: inherit;
      cursor: pointer;
    }

    button:hover {
      color: var(--text);
    }

    @media (max-width: 700px) {
      .people,
      .source,
      .text,
      .zoom {
        display: none;
      }
    }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'contentinfo');
  }

  override render() {
    return html`
      <span class="place">${this.#place()}</span>
      <ev-announcer .text=${this.#place()}></ev-announcer>
      ${this.#source()} ${this.#text()}
      ${this.status?.zoom ? html`<span class="zoom">${Math.round(this.status.zoom)}%</span>` : nothing}
      ${
        this.saving
          ? html`<span class="saving ${this.saving}" role="status"
              >${savingSentence(this.saving)}</span
            >`
          : nothing
      }
      ${
        isLocal(this.manifest?.volume ?? '')
          ? html`<span class="local">${msg('本机文件，未上传')}</span>`
          : nothing
      }
      ${this.#problem()}
      <span class="loading" aria-live="polite">${this.#loading()}</span>
      ${this.#people()}
    `;
  }

  #place(): string {
    const status = this.status;
    const material = status && this.manifest?.materials[status.material];
    if (!material || status.page === 0) return '';
    const place = msg(str`第${status.page}页 · ${material.title} 第${status.page_in_material}页`);
    const label = labelOf(this.manifest, status);
    return label ? `${place}${msg(str`（原页码 ${label}）`)}` : place;
  }

  /** The pages were made of another file, which is there too. */
  #source(): TemplateResult | typeof nothing {
    const material = this.status && this.manifest?.materials[this.status.material];
    if (!this.manifest || !material) return nothing;
    const source = sourceName(material);
    const repaired = material.repaired ? msg('所示为修复后的内容') : null;
    const name = repaired ?? (source ? msg(str`由 ${source} 文件转换`) : recordingName(material));
    const said = [...(name ? [name] : []), ...remarks(material)];
    if (said.length === 0) return nothing;
    return html`<span class="source" title=${material.origin?.path ?? nothing}
      >${said.join(' · ')}${
        this.downloads
          ? html` ·
              <a href=${originalUrl(this.manifest, material)} download title=${material.file_name}
                >${msg('下载原件')}</a
              >`
          : nothing
      }</span
    >`;
  }

  /** What can be copied and found may have been recognised, and have mistakes. */
  #text(): TemplateResult | typeof nothing {
    const material = this.status && this.manifest?.materials[this.status.material];
    const page = material?.pages[(this.status?.page_in_material ?? 0) - 1];
    const origin = material ? textOrigin(material, page) : null;
    return origin ? html`<span class="text">${origin}</span>` : nothing;
  }

  #people(): TemplateResult | typeof nothing {
    if (this.people.length === 0) return nothing;
    const more = this.people.length - NAMED;
    return html`<span class="people" aria-label=${msg('同时在看的人')}>
      ${this.people
        .slice(0, NAMED)
        .map((person) =>
          person.page === null
            ? html`<span>${personPlace(person)}</span>`
            : html`<button title=${msg('转到此页')} @click=${() => this.#follow(person.page)}>
                ${personPlace(person)}
              </button>`,
        )}
      ${more > 0 ? html`<span>${msg(str`另有 ${more} 人`)}</span>` : nothing}
    </span>`;
  }

  #follow(page: number | null): void {
    this.dispatchEvent(new CustomEvent('go-to', { detail: page }));
  }

  #problem(): TemplateResult | typeof nothing {
    if (this.problem) {
      const { code, page } = this.problem;
      const number = page && this.manifest && Numbering.of(this.manifest).number(page);
      return html`<span class="problem" role="status"
        >${notice(code, number)}<code>${code}</code></span
      >`;
    }
    const failed = this.status?.failed ?? 0;
    if (failed === 0) return nothing;
    return html`<span class="problem" role="status">${msg(str`${failed} 页无法显示`)}</span>`;
  }

  #loading(): string {
    if (!this.status?.readable) return this.manifest ? msg('正在载入页面') : msg('正在打开卷宗');
    if (!this.manifest) return msg('正在载入全卷');
    return this.status.sharp ? '' : msg('正在提高清晰度');
  }
}
