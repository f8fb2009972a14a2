// The root of the interface: which view the address asks for.
import { css, html, LitElement } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import './cases/case-list.ts';
import { takeEarly } from './early.ts';
import { restoreLocale } from './locale.ts';
import './reader/reader.ts';
import { openShortcutSheet } from './parts/shortcut-help.ts';
import { isTyping } from './parts/typing.ts';
import { parseRoute } from './route.ts';
import { shortcuts } from './shortcuts.ts';

@customElement('ev-app')
export class App extends LitElement {
  @state() private route = parseRoute(location.hash);

  static override styles = css`
    :host {
      display: block;
      height: 100dvh;
    }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#follow);
    addEventListener('keydown', this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#follow);
    removeEventListener('keydown', this.#key);
  }

  override render() {
    return this.route.view === 'cases'
      ? html`<ev-case-list .find=${this.route.find}></ev-case-list>`
      : html`<ev-reader
          .volume=${this.route.id}
          .place=${this.route.place}
          .side=${this.route.side}
          .find=${this.route.find}
        ></ev-reader>`;
  }

  protected override firstUpdated(): void {
    performance.mark('evolume:shell');
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || isTyping(event) || !shortcuts.help.fits(event)) return;
    event.preventDefault();
    void openShortcutSheet();
  };

  readonly #follow = (): void => {
    this.route = parseRoute(location.hash);
  };
}

/** Puts the interface into the page, in the language of the last visit. */
export async function start(): Promise<void> {
  await restoreLocale();
  // Meanwhile the reader may have gone back to the list.
  if (parseRoute(location.hash).view === 'cases') takeEarly(null);
  document.body.append(document.createElement('ev-app'));
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (icon)
    setTimeout(() => Object.assign(icon, { type: 'image/svg+xml', href: './icon.svg' }), 3000);
}
