// When the player is there: one comes to a recording, and it stays while one reads on, until it is closed.
import { type EvolumeViewer, type Manifest, type Material, Numbering, type Status } from 'evolume';
import { html, type LitElement, nothing, type ReactiveController, type TemplateResult } from 'lit';
import type { SearchSession } from '../search/search-session.ts';
import type { Player } from './player.ts';

export class Playing implements ReactiveController {
  readonly #host: LitElement;
  #shown: Material | null = null;
  /** The material one is on. */
  #at = '';
  /** The player's code has come. */
  #ready = false;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.end();
  }

  /** One is somewhere: the player comes with the page of a recording, unless another one is being played. */
  note(manifest: Manifest, status: Status): void {
    const material = manifest.materials[status.material];
    if (!material || material.id === this.#at) return;
    this.#at = material.id;
    if (!material.recording || this.player?.playing) return;
    this.#show(material);
  }

  /** The player, or nothing; `downloads`: whether the recording may be downloaded. */
  pane(
    viewer: EvolumeViewer | null,
    session: SearchSession | null,
    downloads: boolean,
  ): TemplateResult | typeof nothing {
    const [material, manifest] = [this.#shown, viewer?.manifest];
    if (!material || !this.#ready || !viewer || !manifest) return nothing;
    const page = Numbering.of(manifest).number({ material: material.id, index: 0 }) ?? 0;
    return html`<ev-player
      .manifest=${manifest}
      .material=${material}
      .page=${page}
      .session=${session}
      ?downloads=${downloads}
      @go=${() => viewer.goTo(page)}
      @leave=${() => viewer.focus()}
      @close=${() => {
        this.#show(null);
        viewer.focus();
      }}
    ></ev-player>`;
  }

  end(): void {
    this.#at = '';
    this.#show(null);
  }

  /** None when it is not shown. */
  get player(): Player | null {
    return this.#host.renderRoot.querySelector('ev-player') ?? null;
  }

  #show(shown: Material | null): void {
    this.#shown = shown;
    if (shown && !this.#ready) void this.#load();
    this.#host.requestUpdate();
  }

  async #load(): Promise<void> {
    await import('./player.ts');
    this.#ready = true;
    this.#host.requestUpdate();
  }
}
