// Who one is to the server and which layers one has, also without it: this computer remembers both.
import {
  dropName,
  EvolumeError,
  type LayerSummary,
  requestLayers,
  requestSession,
  type Session,
  takeName,
} from 'evolume';
import { recall, remember } from '../storage.ts';

/** A session with the layers of a volume; none while nobody is known. */
export type SignedIn = { session: Session; layers: readonly LayerSummary[] };

export class Identity {
  readonly #volumeUrl: string;
  /** Under which the layers are remembered. */
  readonly #key: string;

  constructor(volumeUrl: string, volume: string) {
    this.#volumeUrl = volumeUrl;
    this.#key = `layers.${volume}`;
  }

  /** Who one is; falls back to who one was when the server is gone. Fails with an `EvolumeError`. */
  async current(): Promise<SignedIn> {
    try {
      return await this.#with(await requestSession());
    } catch (cause) {
      const error = EvolumeError.from(cause, 'server.internal');
      const remembered = error.code === 'server.gone' ? this.#remembered() : null;
      if (!remembered) throw error;
      return remembered;
    }
  }

  /** Takes a provisional name; fails with an `EvolumeError` when it is refused. */
  async enter(name: string): Promise<SignedIn> {
    return this.#with(await takeName(name));
  }

  /** Gives the name back; what is on this computer stays there for the next time. */
  async leave(): Promise<SignedIn> {
    await dropName();
    remember('session', '');
    return this.#with(await requestSession());
  }

  async #with(session: Session): Promise<SignedIn> {
    if (session.principal.id === '') return { session, layers: [] };
    const layers = await requestLayers(this.#volumeUrl);
    remember('session', JSON.stringify(session));
    remember(this.#key, JSON.stringify(layers));
    return { session, layers };
  }

  #remembered(): SignedIn | null {
    const [session, layers] = [recall('session'), recall(this.#key)];
    if (!session || !layers) return null;
    return {
      session: JSON.parse(session) as Session,
      layers: JSON.parse(layers) as LayerSummary[],
    };
  }
}
