// Says which link or citation a key has come to, for those who do not see it marked.
import { localized, msg, str } from '@lit/localize';
import type { EvolumeViewer, LinkDestination, PointedLink } from 'evolume';
import { html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { controls } from '../parts/controls.ts';

@localized()
@customElement('ev-link-voice')
export class LinkVoice extends LitElement {
  @property({ attribute: false }) viewer: EvolumeViewer | null = null;
  @state() private link: PointedLink | null = null;

  #of = new AbortController();

  static override styles = controls;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#of.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('viewer')) return;
    this.#of.abort();
    this.#of = new AbortController();
    this.link = null;
    this.viewer?.on('link', (link) => (this.link = link), { signal: this.#of.signal });
  }

  override render() {
    const { link } = this;
    return html`<span class="hidden" role="status"
      >${link ? `${link.text} ${this.#goal(link.goal)}` : ''}</span
    >`;
  }

  #goal(goal: LinkDestination): string {
    if (goal.kind === 'uri') return msg(str`链接，通往${goal.uri}`);
    if (goal.kind === 'volume') return msg(str`链接，通往${goal.volume}第${goal.page}页`);
    return msg(str`链接，通往第${this.viewer?.numbering.number(goal.page) ?? 0}页`);
  }
}
