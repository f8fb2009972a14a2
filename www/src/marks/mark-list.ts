// The panel of marks: all of them in reading order, and who one is.
import { localized, msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, queryAll } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { leaveIcon, redoIcon, undoIcon } from '../icons.ts';
import { controls } from '../parts/controls.ts';
import './sign-in.ts';
import type { SignIn } from './sign-in.ts';
import './mark-card.ts';
import type { MarkCard } from './mark-card.ts';
import { ObserveController } from '../parts/observe.ts';
import type { Marks } from './marks.ts';
import { markProblem } from '../problems.ts';

@localized()
@customElement('ev-mark-list')
export class MarkList extends LitElement {
  @property({ attribute: false }) marks: Marks | null = null;
  /** A file of the reader's own: there is nowhere to keep marks. */
  @property({ type: Boolean }) local = false;
  @query('ev-sign-in') private signIn!: SignIn | null;
  @queryAll('ev-mark-card') private cards!: NodeListOf<MarkCard>;

  protected readonly observing = new ObserveController(this, () => this.marks);

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }

      ul {
        flex: 1;
        display: flex;
        flex-direction: column;
        gap: 8px;
        margin: 0;
        padding: 4px 10px 12px;
        overflow: hidden auto;
        list-style: none;
      }

      .empty,
      .problem {
        margin: 0;
        padding: 8px 16px;
        color: var(--quiet);
      }

      .problem {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
        background: var(--warning-tint);
        color: var(--warning);
        font-size: 13px;
      }

      .empty {
        flex: 1;
      }

      ev-sign-in {
        padding: 8px 16px 12px;
      }

      footer {
        flex: none;
        display: flex;
        align-items: center;
        gap: 2px;
        padding: 4px 6px 4px 16px;
        border-top: 1px solid var(--line);
        color: var(--quiet);
        font-size: 12px;
      }

      .me {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];

  /** Puts the cursor into the note of the chosen mark. */
  async edit(): Promise<void> {
    await this.updateComplete;
    await [...this.cards].find((card) => card.active)?.edit();
  }

  /** Puts the cursor where a name is asked for, if one is. */
  async askName(): Promise<void> {
    await this.updateComplete;
    await this.signIn?.updateComplete;
    this.signIn?.focus();
  }

  override render() {
    const marks = this.marks;
    if (this.local)
      return html`<p class="empty">${msg('本机文件不支持批注。导入案件后可以标注。')}</p>`;
    if (!marks?.ready) return html`<p class="empty" role="status">${msg('正在载入批注')}</p>`;
    return html`${this.#problem(marks)} ${this.#content(marks)} ${this.#footer(marks)}`;
  }

  #content(marks: Marks): TemplateResult {
    if (!marks.target && !marks.session?.principal.id && marks.marks.length === 0) {
      return html`<ev-sign-in .marks=${marks}></ev-sign-in> <span class="empty"></span>`;
    }
    if (marks.marks.length === 0) {
      return html`<p class="empty">
        ${marks.target ? msg('还没有批注。选中页面上的文字即可标注。') : msg('还没有批注。')}
      </p>`;
    }
    return html`<ul>
      ${repeat(
        marks.marks,
        (item) => item.mark.id,
        (item) =>
          html`<li>
            <ev-mark-card
              .item=${item}
              .marks=${marks}
              ?active=${item.mark.id === marks.active}
            ></ev-mark-card>
          </li>`,
      )}
    </ul>`;
  }

  #problem(marks: Marks): TemplateResult | typeof nothing {
    const code = marks.problem ?? marks.trouble;
    if (!code) return nothing;
    return html`<div class="problem" role="alert">
      <span>${markProblem(code)}</span><code>${code}</code>
      ${
        marks.saving === 'refused'
          ? html`<button class="plain" @click=${() => void marks.discard()}>
              ${msg('放弃本机未被接受的批注')}
            </button>`
          : nothing
      }
    </div>`;
  }

  #footer(marks: Marks): TemplateResult | typeof nothing {
    const principal = marks.session?.principal;
    if (!principal?.id) return nothing;
    return html`<footer>
      <span class="me" title=${principal.name}
        >${marks.session?.account ? principal.name : msg(str`${principal.name}（临时身份）`)}</span
      >
      <button
        class="icon"
        title=${msg('撤销')}
        aria-label=${msg('撤销')}
        ?disabled=${!marks.canUndo}
        @click=${() => marks.undo()}
      >
        ${undoIcon}
      </button>
      <button
        class="icon"
        title=${msg('重做')}
        aria-label=${msg('重做')}
        ?disabled=${!marks.canRedo}
        @click=${() => marks.redo()}
      >
        ${redoIcon}
      </button>
      <button
        class="icon"
        ?hidden=${marks.session?.account}
        title=${msg('更换姓名')}
        aria-label=${msg('更换姓名')}
        @click=${() => void marks.leave()}
      >
        ${leaveIcon}
      </button>
    </footer>`;
  }
}
