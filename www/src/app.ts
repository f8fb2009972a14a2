// The root of the interface: which view the address asks for.
import { msg } from '@lit/localize';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import './cases/case-list.ts';
import { takeAhead } from './opening/head-start.ts';
import { restoreLocale } from './locale.ts';
import { takeDrops } from './local/pick.ts';
import './people/sign-in-page.ts';
import './reader/reader.ts';
import { KeyRouter } from './parts/key-router.ts';
import { openShortcutSheet } from './parts/shortcut-help.ts';
import { parseRoute, volumeHash } from './route.ts';
import { shortcuts } from './shortcuts.ts';

@customElement('ev-app')
export class App extends LitElement {
  @state() private route = parseRoute(location.hash);
  /** A file hangs over the window. */
  @state() private hovered = false;
  /** Files of the reader's own that have been opened: the same one again is another opening. */
  @state() private opened = 0;
  #listening: AbortController | null = null;
  readonly #keys = new KeyRouter();

  constructor() {
    super();
    this.#keys.add([{ shortcut: shortcuts.help, act: () => void openShortcutSheet() }]);
  }

  static override styles = css`
    :host {
      display: block;
      height: 100dvh;
    }

    .drop {
      position: fixed;
      inset: 12px;
      z-index: 10;
      display: grid;
      place-content: center;
      border: 2px dashed var(--accent);
      border-radius: 12px;
      background: color-mix(in oklab, var(--ground) 88%, transparent);
      font-size: 18px;
      text-align: center;
      pointer-events: none;
    }

    .drop small {
      color: var(--quiet);
      font-size: 13px;
    }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#follow);
    addEventListener('keydown', this.#keys.handle);
    const { signal } = (this.#listening = new AbortController());
    takeDrops((over) => (this.hovered = over), signal);
    addEventListener('local-file', (event) => void this.#open(event.detail), { signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#follow);
    removeEventListener('keydown', this.#keys.handle);
    this.#listening?.abort();
  }

  override render() {
    return html`${this.#view()}
    ${
      this.hovered
        ? html`<div class="drop">
            <div>${msg('松开鼠标，打开本机 PDF')}<br /><small>${msg('文件不会上传')}</small></div>
          </div>`
        : nothing
    }`;
  }

  #view(): unknown {
    if (this.route.view === 'sign-in') return html`<ev-sign-in-page></ev-sign-in-page>`;
    return this.route.view === 'cases'
      ? html`<ev-case-list .find=${this.route.find}></ev-case-list>`
      : keyed(
          this.opened,
          html`<ev-reader
            .volume=${this.route.id}
            .place=${this.route.place}
            .side=${this.route.side}
            .find=${this.route.find}
            .lists=${this.route.lists}
            .keys=${this.#keys}
          ></ev-reader>`,
        );
  }

  async #open(file: File): Promise<void> {
    const { openFile } = await import('./local/open.ts');
    const id = await openFile(file);
    if (id === null) return;
    if (this.route.view === 'volume' && this.route.id === id) this.opened += 1;
    else location.hash = volumeHash(id);
  }

  protected override firstUpdated(): void {
    performance.mark('evolume:shell');
  }

  readonly #follow = (): void => {
    this.route = parseRoute(location.hash);
  };
}

/** Puts the interface into the page, in the language of the last visit. */
export async function start(): Promise<void> {
  await restoreLocale();
  // Meanwhile the reader may have gone back to the list.
  if (parseRoute(location.hash).view !== 'volume') takeAhead(null);
  document.body.append(document.createElement('ev-app'));
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (icon)
    setTimeout(() => Object.assign(icon, { type: 'image/svg+xml', href: './icon.svg' }), 3000);
}
