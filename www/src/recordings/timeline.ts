// Where one is in a recording: its waveform when there is one, else a plain bar.
import { localized, msg, str } from '@lit/localize';
import { type Blob, requestText } from 'evolume';
import { css, html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { styleMap } from 'lit/directives/style-map.js';
import { volumeUrl } from '../route.ts';
import { clock } from '../parts/clock.ts';

/** Bars that are drawn at most. */
const BARS = 160;

@localized()
@customElement('ev-timeline')
export class Timeline extends LitElement {
  @property({ attribute: false }) volume = '';
  @property({ attribute: false }) blob: Blob | null = null;
  /** Seconds. */
  @property({ attribute: false }) now = 0;
  /** Seconds; 0 while nobody knows. */
  @property({ attribute: false }) length = 0;
  @state() private path = '';

  static override styles = css`
    :host {
      position: relative;
      display: block;
      height: 28px;
    }

    :host([waves]) {
      height: 56px;
    }

    svg,
    .bar {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      fill: var(--line-strong);
    }

    .bar {
      top: 12px;
      height: 4px;
      border-radius: 2px;
      background: var(--line-strong);
    }

    .played {
      fill: var(--accent);
      clip-path: inset(0 calc(100% - var(--played)) 0 0);
    }

    .bar.played {
      background: var(--accent);
    }

    .here {
      position: absolute;
      inset: 0 auto 0 var(--played);
      width: 2px;
      margin-left: -1px;
      background: var(--accent);
      pointer-events: none;
    }

    input {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      margin: 0;
      opacity: 0;
      cursor: pointer;
    }

    :host(:focus-within) {
      outline: 2px solid var(--accent);
      outline-offset: 3px;
      border-radius: 2px;
    }
  `;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('blob')) void this.#load();
    this.toggleAttribute('waves', this.path !== '');
  }

  override render() {
    const part = this.length > 0 ? Math.min(1, this.now / this.length) : 0;
    const said = msg(str`${clock(this.now)}，共 ${clock(this.length)}`);
    return html`<div style=${styleMap({ '--played': `${part * 100}%` })}>
      ${this.path ? html`${this.#waves('')}${this.#waves('played')}` : html`<i class="bar"></i><i class="bar played"></i>`}
      ${this.length > 0 ? html`<i class="here"></i>` : nothing}
      <input
        type="range"
        min="0"
        max=${this.length || 1}
        step="0.1"
        aria-label=${msg('播放位置')}
        aria-valuetext=${said}
        ?disabled=${this.length === 0}
        .value=${this.now.toString()}
        @input=${this.#moved}
        @keydown=${this.#key}
      />
    </div>`;
  }

  #waves(name: string): TemplateResult {
    return html`<svg
      class=${name}
      viewBox="0 0 ${BARS * 3} 100"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      ${svg`<path d=${this.path}/>`}
    </svg>`;
  }

  async #load(): Promise<void> {
    const blob = this.blob;
    this.path = '';
    if (!blob) return;
    try {
      const text = await requestText(`${volumeUrl(this.volume)}/blobs/${blob.sha256}`);
      if (this.blob === blob) this.path = waveform(JSON.parse(text) as number[]);
    } catch (cause) {
      // The plain bar does as well.
      console.error(cause);
    }
  }

  #moved(event: Event): void {
    const seconds = Number((event.target as HTMLInputElement).value);
    this.dispatchEvent(new CustomEvent('seek', { detail: seconds }));
  }

  #key(event: KeyboardEvent): void {
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('skip', { detail: way }));
  }
}

/** Bars around the middle, the loudest from edge to edge. */
function waveform(peaks: readonly number[]): string {
  const loudest = Math.max(1, ...peaks);
  return Array.from({ length: BARS }, (_, bar) => {
    const run = peaks.slice(
      Math.floor((bar * peaks.length) / BARS),
      Math.ceil(((bar + 1) * peaks.length) / BARS),
    );
    const half = Math.max(1, (Math.max(0, ...run) / loudest) * 48);
    return `M${bar * 3} ${50 - half}h2v${2 * half}h-2z`;
  }).join('');
}
