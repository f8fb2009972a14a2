// What is said in a recording: the spoken line is marked and kept in view, a click goes to a line.
import { localized, msg } from '@lit/localize';
import { type Blob, EvolumeError, requestText, type Transcript } from 'evolume';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { controls } from '../parts/controls.ts';
import type { SearchSession } from '../search/search-session.ts';
import { volumeUrl } from '../route.ts';
import { clock } from '../parts/clock.ts';

type Line = Transcript['lines'][number];

@localized()
@customElement('ev-transcript')
export class TranscriptList extends LitElement {
  @property({ attribute: false }) volume = '';
  @property({ attribute: false }) blob: Blob | null = null;
  /** The page of the recording, whose text these lines are. */
  @property({ attribute: false }) page = 0;
  @property({ attribute: false }) session: SearchSession | null = null;
  /** Seconds. */
  @property({ attribute: false }) now = 0;
  @state() private lines: readonly Line[] = [];
  /** Of each line, where it begins in the page's text. */
  #starts: number[] = [];
  @state() private failed = false;
  @state() private spoken = -1;
  @state() private found = -1;
  #listening: SearchSession | null = null;

  static override styles = [
    controls,
    css`
      :host {
        overflow: hidden auto;
        overscroll-behavior: contain;
      }

      ol {
        margin: 0;
        padding: 6px 0 12px;
        list-style: none;
      }

      li {
        content-visibility: auto;
        contain-intrinsic-size: auto 30px;
      }

      button,
      p {
        display: grid;
        grid-template-columns: 4.2em 1fr;
        gap: 8px;
        width: 100%;
        height: auto;
        margin: 0;
        padding: 5px 14px 5px 11px;
        border-left: 3px solid transparent;
        border-radius: 0;
        text-align: left;
        white-space: normal;
        overflow-wrap: anywhere;
      }

      p {
        display: block;
      }

      small {
        color: var(--quiet);
        font-size: 12px;
        line-height: 20px;
      }

      .spoken {
        border-left-color: var(--accent);
        background: var(--tint);
      }

      .found {
        box-shadow: inset 0 0 0 2px var(--accent);
      }

      .note {
        color: var(--quiet);
        font-size: 13px;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listen(null);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen(this.session);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('blob')) void this.#load();
    if (changed.has('session')) this.#listen(this.session);
    this.spoken = spokenAt(this.lines, this.now);
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('found') && this.found >= 0) this.#reveal(this.found);
    if (!changed.has('spoken') || this.spoken < 0) return;
    // Whoever has scrolled away wants to read there.
    const before = this.#item(changed.get('spoken') as number | undefined);
    if (!before || this.#isSeen(before)) this.#reveal(this.spoken);
  }

  override render() {
    if (this.failed) return html`<p class="note" role="status">${msg('文字记录未能载入')}</p>`;
    if (!this.blob) return html`<p class="note">${msg('没有文字记录')}</p>`;
    return html`<ol aria-label=${msg('文字记录')}>
      ${this.lines.map((line, at) => html`<li>${this.#line(line, at)}</li>`)}
    </ol>`;
  }

  #line(line: Line, at: number): TemplateResult {
    const state = `${at === this.spoken ? 'spoken' : ''} ${at === this.found ? 'found' : ''}`;
    const { at: begins } = line;
    if (begins === undefined) return html`<p class=${state}>${line.text}</p>`;
    return html`<button
      class=${state}
      aria-current=${at === this.spoken ? 'true' : nothing}
      @click=${() => this.dispatchEvent(new CustomEvent('seek', { detail: begins }))}
    >
      <small>${clock(begins)}</small><span>${line.text}</span>
    </button>`;
  }

  async #load(): Promise<void> {
    const { blob } = this;
    this.lines = [];
    this.failed = false;
    if (!blob) return;
    try {
      const text = await requestText(`${volumeUrl(this.volume)}/blobs/${blob.sha256}`);
      if (this.blob !== blob) return;
      this.lines = (JSON.parse(text) as Transcript).lines;
      let start = 0;
      this.#starts = this.lines.map((line) => {
        const own = start;
        // Characters, as the page's text counts them, and the end of the line.
        start += Array.from(line.text).length + 1;
        return own;
      });
      this.#follow();
    } catch (cause) {
      console.error(EvolumeError.from(cause, 'blob.corrupt'));
      if (this.blob === blob) this.failed = true;
    }
  }

  #listen(session: SearchSession | null): void {
    this.#listening?.removeEventListener('change', this.#follow);
    this.#listening = session;
    session?.addEventListener('change', this.#follow);
    if (session) this.#follow();
  }

  /** The reader's hit may be in one of the lines. */
  readonly #follow = (): void => {
    const current = this.session?.current;
    const page = current && this.session?.pages[current.at];
    const match = page?.page === this.page ? page.matches[current?.nth ?? 0] : undefined;
    this.found = match ? this.#starts.findLastIndex((start) => start <= match[0]) : -1;
  };

  #item(at: number | undefined): HTMLElement | null {
    return at === undefined ? null : (this.renderRoot.querySelectorAll('li')[at] ?? null);
  }

  #isSeen(item: HTMLElement): boolean {
    const [box, own] = [this.getBoundingClientRect(), item.getBoundingClientRect()];
    return own.bottom > box.top && own.top < box.bottom;
  }

  #reveal(at: number): void {
    this.#item(at)?.scrollIntoView({ block: 'nearest' });
  }
}

/** The last line that has begun and not ended, or -1. */
function spokenAt(lines: readonly Line[], now: number): number {
  const at = lines.findLastIndex((line) => line.at !== undefined && line.at <= now + 0.05);
  const until = lines[at]?.until;
  return until !== undefined && now > until + 0.5 ? -1 : at;
}
