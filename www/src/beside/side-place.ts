// The second place beside the first in the same window: opened, closed, and kept in the address.
import { msg } from '@lit/localize';
import type { LinkDestination, Place } from 'evolume';
import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';
import { splitIcon } from '../icons.ts';
import type { OpenVolume } from '../opening/open-volume.ts';
import type { PlaceKeeper } from '../opening/place-keeper.ts';
import type { SideMark } from './side-pane.ts';

export class SidePlace implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #keeper: PlaceKeeper;
  readonly #mark: (mark: SideMark) => void;
  /** The volume whose first place is there. */
  #volume: OpenVolume | null = null;
  #place: Place | null = null;
  /** The pane's code is loaded. */
  #ready = false;

  constructor(host: ReactiveControllerHost, keeper: PlaceKeeper, mark: (mark: SideMark) => void) {
    this.#host = host;
    this.#keeper = keeper;
    this.#mark = mark;
    host.addController(this);
  }

  /** The pages are there: what stands beside them may load. */
  start(volume: OpenVolume): void {
    this.#volume = volume;
    if (this.#place) void this.#load();
    this.#changed();
  }

  /** The volume is closed; the place is kept for the next one's address. */
  end(): void {
    this.#volume = null;
  }

  hostDisconnected(): void {
    this.end();
  }

  /** Shows a place beside, as the address says; none when there is none. */
  set(place: Place | undefined): void {
    if ((place ?? null) === this.#place) return;
    if (place && this.#place) return;
    this.#place = place ?? null;
    this.#keeper.setSide(this.#place);
    if (this.#place && this.#volume) void this.#load();
    this.#changed();
  }

  /** Opens a second place beside the first, or closes it. */
  readonly toggle = (): void => {
    const volume = this.#volume;
    if (!volume?.status) return;
    if (this.#place) {
      this.set(undefined);
      volume.viewer?.focus();
    } else {
      const { page, offset } = volume.status;
      this.set({ page, at: volume.page, offset });
    }
    volume.keepPlace();
  };

  /** The second place, or nothing. */
  pane(): TemplateResult | typeof nothing {
    const volume = this.#volume;
    if (!this.#place || !this.#ready || !volume) return nothing;
    return html`<ev-side-pane
      .volume=${volume.id}
      .place=${this.#place}
      .main=${volume.viewer}
      .marks=${volume.marks}
      .session=${volume.session}
      ?copies=${volume.may('copy')}
      @place=${(event: CustomEvent<Place>) => this.#moved(event.detail)}
      @follow=${(event: CustomEvent<LinkDestination>) => void volume.follow(event.detail)}
      @mark=${(event: CustomEvent<SideMark>) => this.#mark(event.detail)}
      @close=${this.toggle}
    ></ev-side-pane>`;
  }

  button(): TemplateResult {
    const split = this.#place ? msg('关闭右侧') : msg('左右并排');
    return html`<button
      class="icon"
      title="${split} (S)"
      aria-label=${split}
      aria-pressed=${this.#place !== null}
      @click=${this.toggle}
    >
      ${splitIcon}
    </button>`;
  }

  async #load(): Promise<void> {
    await import('./side-pane.ts');
    this.#ready = true;
    this.#changed();
  }

  #moved(place: Place): void {
    if (place.page === 0) return;
    this.#keeper.setSide(place);
    this.#volume?.keepPlace();
  }

  #changed(): void {
    this.#host.requestUpdate();
  }
}
