// The bar beside selected text: copy it, or mark it, in which layer and colour. Only marking needs a name.
import { localized, msg } from '@lit/localize';
import type { MarkColour, Selection } from 'evolume';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { copyIcon, markIcon, noteIcon, quoteIcon } from '../icons.ts';
import { controls } from '../parts/controls.ts';
import { selectStyle } from '../parts/select.style.ts';
import { who } from '../people/who.ts';
import './sign-in.ts';
import { ObserveController } from '../parts/observe.ts';
import { COLOURS, type Marks } from './marks.ts';
import { swatchStyle } from './swatch.ts';
import { colourName, layerName } from './words.ts';

/** CSS pixels between the bar and the text, and the edges of the pages. */
const GAP = 8;

/** A finger's handles are below the text. */
const HANDLE = 44;
const coarse = matchMedia('(pointer: coarse)');

/** How the selected text is to be marked. */
export type MarkWish = { colour: MarkColour; note: boolean };

@localized()
@customElement('ev-mark-bar')
export class MarkBar extends LitElement {
  @property({ attribute: false }) marks: Marks | null = null;
  @property({ attribute: false }) selection: Selection | null = null;
  /** Text may be taken out of the pages. */
  @property({ type: Boolean }) copies = false;

  /** A name is being asked for. */
  @state() private entering = false;

  /** What is inside comes a moment later than the bar. */
  readonly #sizes = new ResizeObserver(() => this.#place());
  protected readonly observing = new ObserveController(this, () => this.marks);

  static override styles = [
    controls,
    selectStyle,
    swatchStyle,
    css`
      :host {
        position: absolute;
        z-index: 3;
        top: 0;
        left: 0;
        max-width: calc(100% - 16px);
        padding: 4px;
        border: 1px solid var(--line);
        border-radius: 8px;
        background: var(--raised);
        box-shadow: 0 4px 16px rgb(0 0 0 / 18%);
      }

      [role='toolbar'] {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px;
      }

      ev-sign-in {
        max-width: 320px;
        padding: 4px;
      }

      i {
        width: 1px;
        height: 20px;
        margin: 0 4px;
        background: var(--line);
      }
    `,
  ];

  override render() {
    const marks = this.marks;
    if (!marks || !this.selection) return nothing;
    return html`<div role="toolbar" aria-label=${msg('标注所选文字')}>
        ${marks.ready ? this.#marking(marks) : nothing} ${this.#copying()}
      </div>
      ${
        marks.ready && !marks.target && this.entering
          ? html`<ev-sign-in .marks=${marks}></ev-sign-in>`
          : nothing
      }`;
  }

  #marking(marks: Marks): TemplateResult | typeof nothing {
    // Who has a name and no layer to write in may not write.
    if (!marks.target && who.known) return nothing;
    if (!marks.target) {
      return html`<button aria-expanded=${this.entering} @click=${this.#enter}>
          ${markIcon} ${msg('标注')}
        </button>
        <i></i>`;
    }
    return html`${this.#layers(marks)} ${COLOURS.map((colour) => this.#swatch(colour))}
      <i></i>
      <button
        class="icon"
        title=${msg('标注并写批注')}
        aria-label=${msg('标注并写批注')}
        @click=${() => this.#mark(marks.colour, true)}
      >
        ${noteIcon}
      </button>`;
  }

  /** Where a page may not write to the clipboard, Ctrl + C does. */
  #copying(): TemplateResult | typeof nothing {
    if (!isSecureContext || !this.copies) return nothing;
    const button = (name: string, keys: string, icon: TemplateResult, cited: boolean) =>
      html`<button
        class="icon"
        title="${name} (${keys})"
        aria-label=${name}
        @click=${() => this.#copy(cited)}
      >
        ${icon}
      </button>`;
    return html`${button(msg('复制'), 'Ctrl+C', copyIcon, false)}
    ${button(msg('复制并注明出处'), 'Ctrl+Shift+C', quoteIcon, true)}`;
  }

  #enter(): void {
    this.entering = !this.entering;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  protected override updated(): void {
    this.#place();
  }

  #place(): void {
    const { selection } = this;
    const area = this.offsetParent;
    if (!selection || !area) return;
    const [left, top, width, height] = selection.view;
    const { offsetWidth, offsetHeight } = this;
    const above = top - offsetHeight - GAP;
    // Above the text, below it where there is no room, and never outside the pages.
    const lowest = area.clientHeight - offsetHeight - GAP;
    const below = top + height + (coarse.matches ? HANDLE : 0) + GAP;
    const y = above >= GAP ? Math.min(above, lowest) : Math.min(below, lowest);
    const x = left + width / 2 - offsetWidth / 2;
    const right = area.clientWidth - offsetWidth - GAP;
    const place = [Math.max(GAP, Math.min(x, right)), Math.max(GAP, y)].map(Math.round);
    this.style.translate = `${place[0] ?? 0}px ${place[1] ?? 0}px`;
    const seen = top + height > 0 && top < area.clientHeight && this.shadowRoot?.childElementCount;
    this.style.visibility = seen ? 'visible' : 'hidden';
  }

  #layers(marks: Marks): TemplateResult {
    return html`<select
      aria-label=${msg('批注层')}
      title=${msg('谁能看到')}
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        const layer = marks.targets.find((layer) => layer.id === value);
        if (layer) marks.chooseTarget(layer);
      }}
    >
      ${marks.targets.map(
        (layer) =>
          html`<option value=${layer.id} ?selected=${layer.id === marks.target?.id}>
            ${layerName(layer.kind)}
          </option>`,
      )}
    </select>`;
  }

  #swatch(colour: MarkColour): TemplateResult {
    const name = colourName(colour);
    return html`<button
      class="icon swatch ${colour}"
      title=${name}
      aria-label=${name}
      @click=${() => this.#mark(colour, false)}
    >
      <span></span>
    </button>`;
  }

  #mark(colour: MarkColour, note: boolean): void {
    this.dispatchEvent(new CustomEvent('mark', { detail: { colour, note } }));
  }

  #copy(cited: boolean): void {
    this.dispatchEvent(new CustomEvent('copy-text', { detail: { cited } }));
  }
}
