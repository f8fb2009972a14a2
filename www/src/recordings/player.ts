// The player of a recording: sound or pictures, the timeline, and what is said, line by line.
import { localized, msg } from '@lit/localize';
import { type Code, EvolumeError, type Manifest, type Material } from 'evolume';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { closeIcon, forwardIcon, pauseIcon, playIcon, rewindIcon } from '../icons.ts';
import { controls } from '../parts/controls.ts';
import { selectStyle } from '../parts/select.style.ts';
import type { SearchSession } from '../search/search-session.ts';
import { originalUrl, playableUrl, recordingFormat } from '../materials/sources.ts';
import { explain } from '../problems.ts';
import { playerStyle } from './player.style.ts';
import './timeline.ts';
import { clock } from '../parts/clock.ts';
import './transcript.ts';

/** Seconds that a skip covers. */
const SKIP = 5;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3];
/** Where one was in each recording. */
const places = new Map<string, number>();

@localized()
@customElement('ev-player')
export class Player extends LitElement {
  /** The file may be downloaded as it was received. */
  @property({ type: Boolean }) downloads = false;
  @property({ attribute: false }) manifest: Manifest | null = null;
  @property({ attribute: false }) material: Material | null = null;
  /** The volume page number that stands for it. */
  @property({ attribute: false }) page = 0;
  @property({ attribute: false }) session: SearchSession | null = null;
  @state() private now = 0;
  @state() private length = 0;
  @state() private running = false;
  @state() private speed = 1;
  @state() private failure: Code | null = null;
  @query('audio, video') private media!: HTMLMediaElement | null;

  static override styles = [controls, selectStyle, playerStyle];

  /** Whether it is running now. */
  get playing(): boolean {
    return this.running;
  }

  toggle(): void {
    const { media } = this;
    if (!media || this.failure) return;
    // A refusal to play is told by the `error` event too; one that was interrupted is nothing.
    if (media.paused) media.play().catch((cause: unknown) => console.debug(cause));
    else media.pause();
  }

  skip(way: 1 | -1): void {
    this.#seek(this.now + way * SKIP);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('material')) return;
    this.now = 0;
    this.length = this.material?.recording?.seconds ?? 0;
    this.running = false;
    this.failure = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // An element outside the document would go on playing.
    this.media?.pause();
  }

  override render() {
    const { manifest, material } = this;
    const recording = material?.recording;
    if (!manifest || !material || !recording) return nothing;
    return html`<section aria-label=${msg('录音录像')} @keydown=${this.#key}>
      <header>
        <button class="name" title=${msg('显示录音录像所在页')} @click=${this.#go}>
          ${material.title}
        </button>
        <button
          class="icon"
          title=${msg('关闭播放器')}
          aria-label=${msg('关闭播放器')}
          @click=${this.#close}
        >
          ${closeIcon}
        </button>
      </header>
      ${this.#media(manifest, material, recording.video)}
      ${this.failure ? this.#trouble(manifest, material, this.failure) : this.#controls(manifest, material)}
      <ev-transcript
        .volume=${manifest.volume}
        .blob=${recording.transcript ?? null}
        .page=${this.page}
        .session=${this.session}
        .now=${this.now}
        @seek=${(event: CustomEvent<number>) => this.#seek(event.detail)}
      ></ev-transcript>
    </section>`;
  }

  #media(manifest: Manifest, material: Material, video: boolean): TemplateResult {
    const source = playableUrl(manifest, material);
    if (!video) {
      return html`<audio
        src=${source}
        preload="metadata"
        @loadedmetadata=${this.#loaded}
        @durationchange=${this.#loaded}
        @timeupdate=${this.#ticked}
        @play=${this.#ticked}
        @pause=${this.#ticked}
        @error=${this.#broken}
      ></audio>`;
    }
    return html`<video
      src=${source}
      preload="metadata"
      playsinline
      ?hidden=${this.failure !== null}
      @click=${this.toggle}
      @loadedmetadata=${this.#loaded}
      @durationchange=${this.#loaded}
      @timeupdate=${this.#ticked}
      @play=${this.#ticked}
      @pause=${this.#ticked}
      @error=${this.#broken}
    ></video>`;
  }

  #controls(manifest: Manifest, material: Material): TemplateResult {
    const label = this.running ? msg('暂停') : msg('播放');
    return html`<ev-timeline
        .volume=${manifest.volume}
        .blob=${material.recording?.waveform ?? null}
        .now=${this.now}
        .length=${this.length}
        @seek=${(event: CustomEvent<number>) => this.#seek(event.detail)}
        @skip=${(event: CustomEvent<1 | -1>) => this.skip(event.detail)}
      ></ev-timeline>
      <div class="row">
        <button
          class="icon"
          title="${msg('后退 5 秒')} (J)"
          aria-label=${msg('后退 5 秒')}
          @click=${() => this.skip(-1)}
        >
          ${rewindIcon}
        </button>
        <button class="icon play" title="${label} (K)" aria-label=${label} @click=${this.toggle}>
          ${this.running ? pauseIcon : playIcon}
        </button>
        <button
          class="icon"
          title="${msg('前进 5 秒')} (L)"
          aria-label=${msg('前进 5 秒')}
          @click=${() => this.skip(1)}
        >
          ${forwardIcon}
        </button>
        <span class="time">${clock(this.now)} / ${this.length > 0 ? clock(this.length) : '–'}</span>
        <select aria-label=${msg('播放速度')} title=${msg('播放速度')} @change=${this.#speed}>
          ${SPEEDS.map(
            (speed) =>
              html`<option value=${speed} ?selected=${speed === this.speed}>${speed}×</option>`,
          )}
        </select>
      </div>`;
  }

  #trouble(manifest: Manifest, material: Material, code: Code): TemplateResult {
    const { title, advice } = explain(code);
    const format = code === 'recording.unsupported' ? recordingFormat(material) : null;
    return html`<div class="trouble" role="alert">
      <strong>${title}</strong>
      ${format ? html`<p>${format}</p>` : nothing}
      <p>${advice}</p>
      ${
        this.downloads
          ? html`<a class="button plain" href=${originalUrl(manifest, material)} download
              >${msg('下载原件')}</a
            >`
          : nothing
      }
      <code>${code}</code>
    </div>`;
  }

  #seek(seconds: number): void {
    if (!this.media || this.failure) return;
    const end = this.length > 0 ? this.length : seconds;
    this.now = Math.min(end, Math.max(0, seconds));
    this.media.currentTime = this.now;
  }

  readonly #loaded = (): void => {
    const { media, material } = this;
    if (!media || !material) return;
    // A stream without an index has no length before its end.
    if (Number.isFinite(media.duration)) this.length = media.duration;
    media.playbackRate = this.speed;
    const place = places.get(material.id);
    if (place && media.currentTime === 0) this.#seek(place);
  };

  readonly #ticked = (): void => {
    const { media, material } = this;
    if (!media || !material) return;
    this.running = !media.paused;
    this.now = media.currentTime;
    places.set(material.id, media.currentTime);
  };

  readonly #broken = (): void => {
    const error = this.media?.error;
    const gone = error?.code === MediaError.MEDIA_ERR_NETWORK;
    console.error(
      new EvolumeError(gone ? 'server.gone' : 'recording.unsupported', { cause: error }),
    );
    this.failure = gone ? 'server.gone' : 'recording.unsupported';
    this.running = false;
  };

  readonly #speed = (event: Event): void => {
    this.speed = Number((event.target as HTMLSelectElement).value);
    if (this.media) this.media.playbackRate = this.speed;
  };

  readonly #go = (): void => {
    this.dispatchEvent(new Event('go'));
  };

  readonly #close = (): void => {
    this.dispatchEvent(new Event('close'));
  };

  #key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== 'Escape') return;
    event.preventDefault();
    this.dispatchEvent(new Event('leave'));
  }
}
