// The root of the interface: which view the address asks for.
import { msg } from '@lit/localize';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import './cases/case-list.ts';
import { takeAhead } from './opening/head-start.ts';
import { restoreLocale } from './locale.ts';
import { takeDrops } from './local/pick.ts';
import { isLocal } from './local/shelf.ts';
import './reader/reader.ts';
import { KeyRouter } from './parts/key-router.ts';
import { openShortcutSheet } from './parts/shortcut-help.ts';
import { who } from './people/who.ts';
import { parseRoute, type Route, volumeHash } from './route.ts';
import { shortcuts } from './shortcuts.ts';

@customElement('ev-app')
export class App extends LitElement {
  @state() private route = parseRoute(location.hash);
  /** A file hangs over the window. */
  @state() private hovered = false;
  /** Counts what begins a view anew at the same address: the same file of the reader's own once more, somebody else. */
  @state() private begun = 0;
  #person = '';
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
    who.addEventListener('change', this.#meet, { signal });
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
    const { route } = this;
    const local = route.view === 'volume' && isLocal(route.id);
    if (who.asked && !local) {
      void import('./people/sign-in-page.ts');
      return html`<ev-sign-in-page></ev-sign-in-page>`;
    }
    return keyed(this.begun, this.#place(route));
  }

  #place(route: Route): unknown {
    switch (route.view) {
      case 'cases':
        return html`<ev-case-list .find=${route.find}></ev-case-list>`;
      case 'account':
        void import('./people/account-page.ts');
        return html`<ev-account-page></ev-account-page>`;
      case 'users':
        void import('./people/admin/users-page.ts');
        return html`<ev-users-page></ev-users-page>`;
      case 'members':
        void import('./people/admin/members-page.ts');
        return html`<ev-members-page .of=${route.id}></ev-members-page>`;
      case 'volume':
        return html`<ev-reader
          .volume=${route.id}
          .place=${route.place}
          .side=${route.side}
          .find=${route.find}
          .lists=${route.lists}
          .keys=${this.#keys}
        ></ev-reader>`;
    }
  }

  async #open(file: File): Promise<void> {
    const { openFile } = await import('./local/open.ts');
    const id = await openFile(file);
    if (id === null) return;
    if (this.route.view === 'volume' && this.route.id === id) this.begun += 1;
    else location.hash = volumeHash(id);
  }

  protected override firstUpdated(): void {
    performance.mark('evolume:shell');
  }

  readonly #follow = (): void => {
    this.route = parseRoute(location.hash);
    // The view that is now there asks again, if it has to.
    who.ask(false);
  };

  /** Another person sees another list, and perhaps another volume at the same address. */
  readonly #meet = (): void => {
    this.requestUpdate();
    // Whoever has been signed out elsewhere goes on reading what is there.
    if (who.lost && this.route.view === 'volume') return;
    const { principal, account } = who.session ?? {};
    const person = account && principal ? principal.id : '';
    if (person === this.#person) return;
    this.#person = person;
    this.begun += 1;
  };
}

/** Puts the interface into the page, in the language of the last visit. */
export async function start(): Promise<void> {
  await restoreLocale();
  who.listen();
  // Meanwhile the reader may have gone back to the list.
  if (parseRoute(location.hash).view === 'cases') takeAhead(null);
  document.body.append(document.createElement('ev-app'));
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (icon)
    setTimeout(() => Object.assign(icon, { type: 'image/svg+xml', href: './icon.svg' }), 3000);
}
