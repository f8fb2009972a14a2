// Says where the reader has come to, for those who do not see it: once the moving has stopped.
import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

/** Milliseconds without a change. */
const PAUSE = 800;

@customElement('ev-announcer')
export class Announcer extends LitElement {
  @property() text = '';
  @state() private said = '';

  #pause: ReturnType<typeof setTimeout> | undefined;

  static override styles = css`
    :host {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  `;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#pause);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('text')) return;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => (this.said = this.text), PAUSE);
  }

  override render() {
    return html`<span role="status">${this.said}</span>`;
  }
}
