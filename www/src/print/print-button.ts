// The button that prints, and the panel that it opens.
import { msg } from '@lit/localize';
import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';
import { printIcon } from '../icons.ts';
import type { OpenVolume } from '../opening/open-volume.ts';

export class PrintButton implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  /** The volume whose pages are there. */
  #volume: OpenVolume | null = null;
  #opened = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  start(volume: OpenVolume): void {
    this.#volume = volume;
    this.#host.requestUpdate();
  }

  end(): void {
    this.#volume = null;
    this.#opened = false;
  }

  hostDisconnected(): void {
    this.end();
  }

  /** Opens the panel. Whoever may not print gets nothing, from the browser's own printing neither; false when there are
   * no pages yet. */
  open(): boolean {
    if (!this.#volume) return false;
    if (!this.#volume.may('print')) return true;
    if (!this.#opened) this.#toggle();
    return true;
  }

  /** Only for whoever may print. */
  button(): TemplateResult | typeof nothing {
    const volume = this.#volume;
    if (volume && !volume.may('print')) return nothing;
    return html`<button
        class="icon"
        title="${msg('打印')} (Ctrl+P)"
        aria-label=${msg('打印')}
        aria-expanded=${this.#opened}
        @click=${this.#toggle}
      >
        ${printIcon}
      </button>
      ${
        this.#opened && volume
          ? html`<ev-print
              .viewer=${volume.viewer}
              ?markable=${volume.marks !== null}
              @close=${this.#toggle}
            ></ev-print>`
          : nothing
      }`;
  }

  readonly #toggle = (): void => {
    this.#opened = !this.#opened;
    if (this.#opened) void import('./print-panel.ts');
    else this.#volume?.viewer?.focus();
    this.#host.requestUpdate();
  };
}
