// Printing: which pages, with marks or without, and how far it is. Beside the pages, which stay readable.
import { localized, msg, str } from '@lit/localize';
import { type Code, EvolumeError, type EvolumeViewer } from 'evolume';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { closeIcon } from '../icons.ts';
import { controls } from '../parts/controls.ts';
import { explain } from '../problems.ts';
import { type Choice, chosenPages } from './pages.ts';
import { makeSheets, type Sheets } from './sheets.ts';

@localized()
@customElement('ev-print')
export class PrintPanel extends LitElement {
  @property({ attribute: false }) viewer: EvolumeViewer | null = null;
  /** Whether there can be marks at all. */
  @property({ type: Boolean }) markable = false;
  @state() private choice: Choice = 'page';
  @state() private range = '';
  @state() private marks = true;
  @state() private failure: Code | null = null;
  /** Pages that are drawn, of how many; null when nothing is. */
  @state() private progress: [done: number, all: number] | null = null;
  @state() private failed = 0;
  @query('.range') private field!: HTMLInputElement;
  #making: AbortController | null = null;
  #sheets: Sheets | null = null;

  static override styles = [
    controls,
    css`
      :host {
        position: fixed;
        left: calc(var(--rail) + 10px);
        bottom: 38px;
        z-index: 6;
        width: 300px;
        max-width: calc(100vw - var(--rail) - 20px);
        max-height: calc(100dvh - 60px);
        overflow: auto;
        padding: 10px 16px 14px;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        background: var(--raised);
        box-shadow: 0 6px 24px rgb(0 0 0 / 18%);
      }

      h2 {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin: 0 -8px 4px 0;
        font-size: 14px;
      }

      fieldset {
        margin: 0;
        padding: 0;
        border: none;
      }

      label {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: var(--row);
      }

      label span {
        flex: none;
      }

      label small {
        min-width: 0;
        margin-left: auto;
        overflow: hidden;
        color: var(--quiet);
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      input:is([type='radio'], [type='checkbox']) {
        flex: none;
        width: 16px;
        height: 16px;
        margin: 0;
        accent-color: var(--accent);
      }

      .range {
        flex: 1;
        min-width: 0;
        padding: 0 8px;
      }

      .marks {
        margin-top: 6px;
        border-top: 1px solid var(--line);
        padding-top: 4px;
      }

      p {
        margin: 6px 0 0;
        color: var(--quiet);
        font-size: 13px;
      }

      p.warning {
        color: var(--warning);
      }

      progress {
        width: 100%;
        height: 6px;
        margin-top: 8px;
        accent-color: var(--accent);
      }

      .actions {
        display: flex;
        justify-content: flex-end;
        gap: 10px;
        margin-top: 12px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('afterprint', this.#printed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('afterprint', this.#printed);
    this.#making?.abort();
    this.#printed();
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLInputElement>('input')?.focus();
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('progress');
    if (before === undefined || (before === null) === (this.progress === null)) return;
    // What had the focus is disabled or gone.
    this.renderRoot.querySelector<HTMLElement>('.actions button')?.focus();
  }

  override render() {
    const busy = this.progress !== null;
    const status = this.viewer?.status;
    const material = status && this.viewer?.manifest?.materials[status.material];
    return html`<form
      role="dialog"
      aria-labelledby="title"
      @submit=${this.#submit}
      @keydown=${this.#key}
    >
      <h2>
        <span id="title">${msg('打印')}</span>
        <button
          type="button"
          class="icon"
          title=${msg('关闭')}
          aria-label=${msg('关闭')}
          @click=${this.#close}
        >
          ${closeIcon}
        </button>
      </h2>
      <fieldset ?disabled=${busy}>
        ${this.#option('page', msg('当前页'), msg(str`第${status?.page ?? 0}页`))}
        <label>
          ${this.#radio('range')}<span>${msg('页码')}</span>
          <input
            class="range"
            inputmode="numeric"
            placeholder=${msg('如 3-9，12')}
            aria-label=${msg('页码范围')}
            aria-invalid=${this.failure === 'print.range'}
            .value=${this.range}
            @focus=${() => (this.choice = 'range')}
            @input=${() => (this.range = this.field.value)}
          />
        </label>
        ${this.#option('material', msg('当前材料'), material?.title ?? '')}
        ${this.#option('volume', msg('全卷'), msg(str`${status?.pages ?? 0} 页`))}
        ${
          this.markable
            ? html`<label class="marks">
                <input
                  type="checkbox"
                  .checked=${this.marks}
                  @change=${() => (this.marks = !this.marks)}
                /><span>${msg('带批注')}</span>
              </label>`
            : nothing
        }
      </fieldset>
      ${this.#state()}
      <div class="actions">
        ${
          busy
            ? html`<button type="button" class="plain" @click=${this.#cancel}>
                ${msg('取消')}
              </button>`
            : html`<button class="primary" ?disabled=${!status?.page}>${msg('打印')}</button>`
        }
      </div>
    </form>`;
  }

  #option(choice: Choice, label: string, detail: string): TemplateResult {
    return html`<label>
      ${this.#radio(choice)}<span>${label}</span><small title=${detail}>${detail}</small>
    </label>`;
  }

  #radio(choice: Choice): TemplateResult {
    return html`<input
      type="radio"
      name="pages"
      .checked=${this.choice === choice}
      @change=${() => this.#choose(choice)}
    />`;
  }

  #state(): TemplateResult | typeof nothing {
    if (this.failure) {
      const { title, advice } = explain(this.failure);
      return html`<p class="warning" role="alert">${title}。${advice}</p>`;
    }
    if (!this.progress) return nothing;
    const [done, all] = this.progress;
    return html`<p role="status">${msg(str`正在准备 ${done}/${all} 页`)}</p>
      <progress value=${done} max=${all} aria-label=${msg('打印进度')}></progress>
      ${
        this.failed > 0
          ? html`<p class="warning">${msg(str`${this.failed} 页无法打印，纸上会注明`)}</p>`
          : nothing
      }`;
  }

  #choose(choice: Choice): void {
    this.choice = choice;
    this.failure = null;
    if (choice === 'range') this.field.focus();
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    void this.#print();
  }

  async #print(): Promise<void> {
    const { viewer } = this;
    if (!viewer?.status || this.#making) return;
    this.failure = null;
    this.failed = 0;
    const making = (this.#making = new AbortController());
    try {
      const manifest = await viewer.whole();
      making.signal.throwIfAborted();
      const pages = chosenPages(this.choice, this.range, manifest, viewer.status);
      this.progress = [0, pages.length];
      const sheets = await makeSheets(viewer, {
        pages,
        marks: this.markable && this.marks,
        missing: (number) => msg(str`第${number}页无法打印`),
        progress: (done) => (this.progress = [done, pages.length]),
        signal: making.signal,
      });
      this.#sheets = sheets;
      this.failed = sheets.failed;
      window.print();
    } catch (cause) {
      if (making.signal.aborted) return;
      console.error(cause);
      this.failure = EvolumeError.from(cause, 'render.failed').code;
    } finally {
      this.progress = null;
      this.#making = null;
    }
  }

  readonly #printed = (): void => {
    this.#sheets?.remove();
    this.#sheets = null;
  };

  #cancel(): void {
    this.#making?.abort();
  }

  #key(event: KeyboardEvent): void {
    // The reader's own keys are not meant here.
    event.stopPropagation();
    if (event.key === 'Escape') this.#close();
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent('close'));
  }
}
