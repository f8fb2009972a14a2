// Renders an element again whenever the annotations change.
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class ObserveController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #source: () => EventTarget | null;
  #followed: EventTarget | null = null;

  constructor(host: ReactiveControllerHost, source: () => EventTarget | null) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
  }

  hostUpdate(): void {
    this.#follow(this.#source());
  }

  hostDisconnected(): void {
    this.#follow(null);
  }

  #follow(source: EventTarget | null): void {
    if (source === this.#followed) return;
    this.#followed?.removeEventListener('change', this.#changed);
    this.#followed = source;
    source?.addEventListener('change', this.#changed);
  }

  readonly #changed = (): void => this.#host.requestUpdate();
}
