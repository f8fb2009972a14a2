// Other windows of the same reader: opened, sent a place, or led by the lists that stand alone in this one.
import { msg } from '@lit/localize';
import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';
import { listsIcon, pagesIcon, sendIcon, windowIcon } from '../icons.ts';
import type { OpenVolume } from '../opening/open-volume.ts';
import type { PlaceKeeper } from '../opening/place-keeper.ts';
import { spotHash, volumeHash } from '../route.ts';
import type { Sharing } from './sharing.ts';

/** Milliseconds after which lists that stand alone have no other window to show what is chosen. */
const ALONE = 5_000;

/** What a reader does in a window. */
const ACTS = ['pointerdown', 'keydown'] as const;

export class OtherWindows implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #keeper: PlaceKeeper;
  #volume: OpenVolume | null = null;
  #sharing: Sharing | null = null;
  /** The lists stand alone here, and what is chosen in them shows in the other windows. */
  #lists = false;
  /** The place that the others were last shown, or where this window began. */
  #shown = '';
  /** The last place is another window's: no window hears of it until the reader does something here. */
  #led = false;
  #alone: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, keeper: PlaceKeeper) {
    this.#host = host;
    this.#keeper = keeper;
    host.addController(this);
  }

  /** The pages are there: the windows may share what is selected and searched. */
  async start(volume: OpenVolume): Promise<void> {
    const { viewer, session } = volume;
    if (!viewer || !session) return;
    this.#volume = volume;
    for (const kind of ACTS) addEventListener(kind, this.#acted, { capture: true });
    // A reader's own file is in this window alone.
    if (volume.local) return this.#changed();
    const { Sharing } = await import('./sharing.ts');
    // Meanwhile another volume may have been opened.
    if (this.#volume !== volume) return;
    this.#sharing = new Sharing({
      volume: volume.id,
      viewer,
      session,
      paint: (paints) => volume.marks?.setOthers(paints),
      go: (hash) => {
        this.#led = true;
        volume.show(hash);
      },
    });
    this.#sharing.addEventListener('change', this.#peersChanged);
    this.#alone = setTimeout(this.#peersChanged, ALONE);
    this.note();
    this.#changed();
  }

  end(): void {
    for (const kind of ACTS) removeEventListener(kind, this.#acted, { capture: true });
    clearTimeout(this.#alone);
    this.#sharing?.close();
    this.#sharing = null;
    this.#volume = null;
  }

  hostDisconnected(): void {
    this.end();
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
    this.#volume?.keepPlace();
    this.#changed();
  }

  /** The place has changed: the other windows follow where the lists stand alone. */
  note(): void {
    const [volume, sharing] = [this.#volume, this.#sharing];
    if (!this.#lists || !volume?.status?.page || !sharing) return;
    const hash = spotHash(volume.id, { ...volume.status, at: volume.page });
    if (this.#shown !== '' && this.#shown !== hash && !this.#led) sharing.steer(hash);
    this.#shown = hash;
  }

  /** Opens windows, and sends the place to those that there are. */
  buttons(): TemplateResult {
    return html`${button(msg('在另一屏打开'), windowIcon, this.#open, this.#volume?.local)}
    ${button(msg('在另一屏打开目录'), listsIcon, this.#openLists, this.#volume?.local)}
    ${this.sendButton()}`;
  }

  /** Shows the pages again where the lists stand alone. */
  pagesButton(): TemplateResult {
    return button(msg('在这一屏显示页面'), pagesIcon, () => this.setLists(false));
  }

  sendButton(): TemplateResult | typeof nothing {
    if (!this.#sharing?.others) return nothing;
    return button(msg('送到另一屏'), sendIcon, this.#send);
  }

  readonly #acted = (): void => {
    this.#led = false;
  };

  readonly #open = async (): Promise<void> => {
    const { openWindow } = await import('./open.ts');
    this.#keeper.flush();
    await openWindow(location.hash);
  };

  readonly #openLists = async (): Promise<void> => {
    const { openWindow } = await import('./open.ts');
    const volume = this.#volume;
    if (!volume?.status) return;
    const here = { ...volume.status, at: volume.page };
    await openWindow(volumeHash(volume.id, here, undefined, true));
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

  #changed(): void {
    this.#host.requestUpdate();
  }
}

function button(
  label: string,
  icon: TemplateResult,
  click: () => unknown,
  hidden = false,
): TemplateResult {
  return html`<button
    class="icon"
    title=${label}
    ?hidden=${hidden}
    aria-label=${label}
    @click=${click}
  >
    ${icon}
  </button>`;
}
