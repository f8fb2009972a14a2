// What stands beside the pages: a second place in the same window, other windows of the same reader, and paper.
import { msg } from '@lit/localize';
import type { EvolumeViewer, Followed, Place, Status } from 'evolume';
import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';
import { listsIcon, pagesIcon, printIcon, sendIcon, splitIcon, windowIcon } from '../icons.ts';
import { isLocal } from '../local/shelf.ts';
import type { Marks } from '../marks/marks.ts';
import { toggleFullScreen } from '../parts/full-screen.ts';
import { spotHash, volumeHash } from '../route.ts';
import { shortcuts } from '../shortcuts.ts';
import type { Sharing } from '../windows/sharing.ts';
import type { PlaceKeeper } from './place-keeper.ts';
import type { SearchSession } from './search-session.ts';
import type { SideMark } from './side-pane.ts';

/** Milliseconds after which lists that stand alone have no other window to show what is chosen. */
const ALONE = 5_000;

/** What a reader does in a window. */
const ACTS = ['pointerdown', 'keydown'] as const;

/** The reader, as far as its companions need it. */
export type Reading = {
  volume: string;
  viewer: EvolumeViewer;
  session: SearchSession;
  marks: () => Marks | null;
  follow: (followed: Followed) => void;
  mark: (mark: SideMark) => void;
  /** Shows a place that another window sends. */
  go: (hash: string) => void;
};

export class Companions implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #keeper: PlaceKeeper;
  #reading: Reading | null = null;
  #sharing: Sharing | null = null;
  #side: Place | null = null;
  /** The code of what is beside has come. */
  #ready = false;
  #printing = false;
  /** The lists stand alone here, and what is chosen in them shows in the other windows. */
  #lists = false;
  /** The place that the others were last shown, or where this window began. */
  #shown = '';
  /** Another window has sent the last place: nobody is told of it until the reader does something here. */
  #led = false;
  #alone: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, keeper: PlaceKeeper) {
    this.#host = host;
    this.#keeper = keeper;
    host.addController(this);
  }

  /** The pages are there: what stands beside them may come. */
  async start(reading: Reading): Promise<void> {
    if (this.#reading) return;
    this.#reading = reading;
    addEventListener('keydown', this.#key);
    for (const kind of ACTS) addEventListener(kind, this.#acted, { capture: true });
    if (this.#side) void this.#load();
    // A reader's own file is in this window alone.
    if (isLocal(reading.volume)) return this.#changed();
    const { Sharing } = await import('../windows/sharing.ts');
    // Meanwhile another volume may have been opened.
    if (this.#reading !== reading) return;
    const paint = (paints: Parameters<Marks['setOthers']>[0]): void => {
      reading.marks()?.setOthers(paints);
    };
    const go = (hash: string): void => {
      this.#led = true;
      reading.go(hash);
    };
    this.#sharing = new Sharing({ ...reading, go, paint });
    this.#sharing.addEventListener('change', this.#peersChanged);
    this.#alone = setTimeout(this.#peersChanged, ALONE);
    if (reading.viewer.status) this.note(reading.viewer.status);
    this.#changed();
  }

  end(): void {
    removeEventListener('keydown', this.#key);
    for (const kind of ACTS) removeEventListener(kind, this.#acted, { capture: true });
    this.#printing = false;
    clearTimeout(this.#alone);
    this.#sharing?.close();
    this.#sharing = null;
    this.#reading = null;
  }

  hostDisconnected(): void {
    this.end();
  }

  /** Shows a place beside, as the address says; none when there is none. */
  setSide(place: Place | undefined): void {
    if ((place ?? null) === this.#side) return;
    if (place && this.#side) return;
    this.#side = place ?? null;
    this.#keeper.setSide(this.#side);
    if (this.#side && this.#reading) void this.#load();
    this.#changed();
  }

  /** Whether the lists stand alone. */
  get lists(): boolean {
    return this.#lists;
  }

  /** Shows the lists without the pages, or both again. */
  setLists(lists: boolean): void {
    if (lists === this.#lists) return;
    this.#lists = lists;
    this.#keeper.setLists(lists);
    const reading = this.#reading;
    if (reading?.viewer.status) this.#keeper.note(reading.volume, reading.viewer.status);
    this.#changed();
  }

  /** The place has changed: the other windows follow where the lists stand alone. */
  note(status: Status): void {
    const [reading, sharing] = [this.#reading, this.#sharing];
    if (!this.#lists || !reading || !sharing || status.page === 0) return;
    const hash = spotHash(reading.volume, status);
    if (this.#shown !== '' && this.#shown !== hash && !this.#led) sharing.steer(hash);
    this.#shown = hash;
  }

  /** The second place, or nothing. */
  pane(): TemplateResult | typeof nothing {
    const reading = this.#reading;
    if (!this.#side || !this.#ready || !reading) return nothing;
    return html`<ev-side-pane
      .volume=${reading.volume}
      .place=${this.#side}
      .main=${reading.viewer}
      .marks=${reading.marks()}
      .session=${reading.session}
      @place=${(event: CustomEvent<Status>) => this.#moved(event.detail)}
      @follow=${(event: CustomEvent<Followed>) => reading.follow(event.detail)}
      @mark=${(event: CustomEvent<SideMark>) => reading.mark(event.detail)}
      @close=${this.toggleSide}
    ></ev-side-pane>`;
  }

  /** `narrow`: only what sends the place to a window that is there. */
  buttons(narrow: boolean): TemplateResult | typeof nothing {
    if (!this.#reading) return nothing;
    const local = isLocal(this.#reading.volume);
    if (narrow) return html`${this.#sendButton()}${this.#printButton()}`;
    if (this.#lists) return this.#pagesButton();
    const split = this.#side ? msg('关闭右侧') : msg('左右并排');
    return html`
      <button
        class="icon"
        title="${split} (S)"
        aria-label=${split}
        aria-pressed=${this.#side !== null}
        @click=${this.toggleSide}
      >
        ${splitIcon}
      </button>
      <button
        class="icon"
        title=${msg('在另一屏打开')}
        ?hidden=${local}
        aria-label=${msg('在另一屏打开')}
        @click=${this.#open}
      >
        ${windowIcon}
      </button>
      <button
        class="icon"
        title=${msg('在另一屏打开目录')}
        ?hidden=${local}
        aria-label=${msg('在另一屏打开目录')}
        @click=${this.#openLists}
      >
        ${listsIcon}
      </button>
      ${this.#sendButton()}${this.#printButton()}
    `;
  }

  #pagesButton(): TemplateResult {
    return html`<button
      class="icon"
      title=${msg('在这一屏显示页面')}
      aria-label=${msg('在这一屏显示页面')}
      @click=${() => this.setLists(false)}
    >
      ${pagesIcon}
    </button>`;
  }

  #sendButton(): TemplateResult | typeof nothing {
    if (!this.#sharing?.others) return nothing;
    return html`<button
      class="icon"
      title=${msg('送到另一屏')}
      aria-label=${msg('送到另一屏')}
      @click=${this.#send}
    >
      ${sendIcon}
    </button>`;
  }

  #printButton(): TemplateResult {
    const reading = this.#reading;
    return html`<button
        class="icon"
        title="${msg('打印')} (Ctrl+P)"
        aria-label=${msg('打印')}
        aria-expanded=${this.#printing}
        @click=${this.#togglePrint}
      >
        ${printIcon}
      </button>
      ${
        this.#printing && reading
          ? html`<ev-print
              .viewer=${reading.viewer}
              ?markable=${reading.marks() !== null}
              @close=${this.#togglePrint}
            ></ev-print>`
          : nothing
      }`;
  }

  readonly #acted = (): void => {
    this.#led = false;
  };

  readonly #togglePrint = (): void => {
    this.#printing = !this.#printing;
    if (this.#printing) void import('../print/print-panel.ts');
    else this.#reading?.viewer.focus();
    this.#changed();
  };

  /** The browser's own printing would print the window. */
  readonly #key = (event: KeyboardEvent): void => {
    if (!shortcuts.print.fits(event)) return;
    event.preventDefault();
    if (!this.#printing) this.#togglePrint();
  };

  /** Carries a key for the windows out; false when it is for somebody else. */
  key(event: KeyboardEvent): boolean {
    if (shortcuts.fullScreen.fits(event)) toggleFullScreen();
    else if (shortcuts.side.fits(event)) this.toggleSide();
    else return false;
    return true;
  }

  /** Opens a second place beside the first, or closes it. */
  readonly toggleSide = (): void => {
    const status = this.#reading?.viewer.status;
    if (!this.#reading || !status) return;
    if (this.#side) {
      this.setSide(undefined);
      this.#reading.viewer.focus();
    } else this.setSide({ page: status.page, offset: status.offset });
    this.#keeper.note(this.#reading.volume, status);
  };

  async #load(): Promise<void> {
    await import('./side-pane.ts');
    this.#ready = true;
    this.#changed();
  }

  #moved({ page, offset }: Status): void {
    const reading = this.#reading;
    if (!reading?.viewer.status || page === 0) return;
    this.#keeper.setSide({ page, offset });
    this.#keeper.note(reading.volume, reading.viewer.status);
  }

  readonly #open = async (): Promise<void> => {
    const { openWindow } = await import('../windows/open.ts');
    this.#keeper.flush();
    await openWindow(location.hash);
  };

  readonly #openLists = async (): Promise<void> => {
    const { openWindow } = await import('../windows/open.ts');
    const status = this.#reading?.viewer.status;
    if (!this.#reading || !status) return;
    await openWindow(volumeHash(this.#reading.volume, status, undefined, true));
  };

  /** Lists alone are of no use when there is no other window left to show what is chosen. */
  readonly #peersChanged = (): void => {
    if (this.#sharing?.others === 0) this.setLists(false);
    this.#changed();
  };

  readonly #send = (): void => {
    this.#keeper.flush();
    this.#sharing?.send(location.hash);
  };

  readonly #changed = (): void => this.#host.requestUpdate();
}
