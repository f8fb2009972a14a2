// One mark in the list: who, where, what is marked, and what is said about it.
import { localized, msg, str } from '@lit/localize';
import { MARK_KINDS, MAX_NOTE, type MarkColour } from 'evolume';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { removeIcon } from '../icons.ts';
import { locale } from '../locale.ts';
import { controls } from '../parts/controls.ts';
import { markCardStyle } from './mark-card.style.ts';
import { COLOURS, type MarkItem, type Marks } from './marks.ts';
import { swatchStyle } from './swatch.ts';
import { colourName, kindName, layerName, markExcerpt } from './words.ts';

/** A pause in typing after which the note is saved. */
const PAUSE = 600;

@localized()
@customElement('ev-mark-card')
export class MarkCard extends LitElement {
  @property({ attribute: false }) item!: MarkItem;
  @property({ attribute: false }) marks!: Marks;
  @property({ type: Boolean, reflect: true }) active = false;
  /** What is being typed; null when nothing is. */
  @state() private draft: string | null = null;
  @query('textarea') private field!: HTMLTextAreaElement | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  static override styles = [controls, swatchStyle, markCardStyle];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#save();
  }

  override render() {
    const { mark, layer, editable } = this.item;
    const colour = mark.style.colour ?? 'unknown';
    return html`<article class=${layer.kind} aria-current=${this.active}>
      <button class="head" @click=${this.#jump}>
        <span class="who">
          <span class="dot ${colour}" title=${this.#look()}></span>
          <b>${mark.author_name}</b>
          <span class="layer">${layerName(layer.kind)}</span>
          <span class="page">${this.#page()}</span>
          <time datetime=${new Date(mark.created).toISOString()}>${this.#time()}</time>
        </span>
        <q>${markExcerpt(mark)}</q>
        ${mark.newer ? html`<span class="newer">${msg('由更新的版本所作')}</span>` : nothing}
      </button>
      ${editable && this.active ? this.#editor() : mark.note ? html`<p>${mark.note}</p>` : nothing}
    </article>`;
  }

  /** The kind and the colour, in words. */
  #look(): string {
    const { kind, style } = this.item.mark;
    const names = [kindName(kind), style.colour && colourName(style.colour)];
    return names.filter((name) => name !== null).join(' · ');
  }

  /** Puts the cursor into the note. */
  async edit(): Promise<void> {
    await this.updateComplete;
    this.field?.focus();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('active') && this.active) this.scrollIntoView({ block: 'nearest' });
  }

  #page(): string {
    const { page, mark } = this.item;
    if (page === null) return mark.target.type === 'time' ? '' : msg('已不在卷内');
    return msg(str`第${page}页`);
  }

  #time(): string {
    const made = new Date(this.item.mark.created);
    const today = made.toDateString() === new Date().toDateString();
    const format: Intl.DateTimeFormatOptions = today
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : { year: 'numeric', month: 'long', day: 'numeric' };
    return new Intl.DateTimeFormat(locale(), format).format(made);
  }

  #editor(): TemplateResult {
    const { mark } = this.item;
    const kind = MARK_KINDS.find(({ id }) => id === mark.kind);
    return html`${kind?.notes ? this.#noteField() : nothing}
      <div class="tools">
        ${kind?.recolours ? COLOURS.map((colour) => this.#swatch(colour)) : nothing}
        <button
          class="icon remove"
          title=${msg('删除')}
          aria-label=${msg('删除')}
          @click=${this.#remove}
        >
          ${removeIcon}
        </button>
      </div>`;
  }

  #noteField(): TemplateResult {
    return html`<textarea
      rows="2"
      maxlength=${MAX_NOTE}
      aria-label=${msg('批注内容')}
      placeholder=${msg('写批注')}
      .value=${this.draft ?? this.item.mark.note}
      @input=${this.#type}
      @keydown=${this.#key}
      @blur=${() => this.#save()}
    ></textarea>`;
  }

  #swatch(colour: MarkColour): TemplateResult {
    const { mark } = this.item;
    return html`<button
      class="icon swatch ${colour}"
      title=${colourName(colour)}
      aria-label=${colourName(colour)}
      aria-pressed=${colour === mark.style.colour}
      @click=${() => this.marks.setColour(mark.id, colour)}
    >
      <span></span>
    </button>`;
  }

  #type(event: InputEvent): void {
    this.draft = (event.target as HTMLTextAreaElement).value;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), PAUSE);
  }

  #key(event: KeyboardEvent): void {
    // The keys of the pages are not those of a text; Escape leads back to them.
    if (event.key !== 'Escape') event.stopPropagation();
  }

  #save(): void {
    clearTimeout(this.#timer);
    if (this.draft === null) return;
    this.marks.setNote(this.item.mark.id, this.draft);
    this.draft = null;
  }

  #remove(): void {
    clearTimeout(this.#timer);
    this.draft = null;
    this.marks.remove(this.item.mark.id);
  }

  #jump(): void {
    this.marks.choose(this.item.mark.id);
    if (this.item.page === null) return;
    const event = new CustomEvent('go-to', {
      detail: this.item.page,
      bubbles: true,
      composed: true,
    });
    this.dispatchEvent(event);
  }
}
