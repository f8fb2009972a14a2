// What is known of a volume, and how it comes to be more while the volume is open.
import type { Reading } from '../engine-face.ts';
import { EvolumeError } from '../error.ts';
import type { ViewerEventTarget } from '../events.ts';
import type { Code, Manifest, Status } from '../generated/index.ts';
import type { LocalVolume } from '../local.ts';
import { Numbering } from '../numbering.ts';
import { requestDocument } from '../request.ts';
import { type Counted, counted, type Known } from './known.ts';
import type { Opening } from './prepare.ts';
import { readManifest } from './reading.ts';
import { requestWhole, until } from './whole.ts';

/** Milliseconds for which the rest of a large volume waits for the first sharp page. */
const PATIENCE = 2_000;

/** Who shows the volume. */
export type Host = {
  readonly viewer: ViewerEventTarget & { readonly status: Status | null };
  /** The engine takes a manifest, and where blobs lie by SHA-256. */
  take: (manifest: Reading, addresses: Record<string, string>) => void;
  learnt: (manifest: Manifest) => void;
  failed: (code: Code) => void;
};

export class Growth implements Known {
  readonly #opening: Opening;
  /** The volume's address, absolute. */
  readonly #base: string;
  readonly #local: LocalVolume | undefined;
  readonly #host: Host;
  readonly #closing: AbortSignal;
  #manifest: Manifest | null = null;
  #numbering: Numbering | null = null;
  /** Manifests are taken in one after the other. */
  #growing: Promise<void> = Promise.resolve();
  /** On its way. */
  #whole: Promise<Manifest> | null = null;
  /** Which manifest the server gave last. */
  #tag: string | null;

  constructor(
    opening: Opening,
    base: string,
    local: LocalVolume | undefined,
    host: Host,
    closing: AbortSignal,
  ) {
    this.#opening = opening;
    this.#base = base;
    this.#local = local;
    this.#host = host;
    this.#closing = closing;
    this.#tag = opening.tag ?? null;
    local?.addEventListener('revise', () => void this.#grow(local.bytes).catch(() => undefined), {
      signal: closing,
    });
  }

  get manifest(): Manifest | null {
    return (this.#manifest ??= this.#opening.known.manifest);
  }

  get materials(): readonly Counted[] {
    return this.#manifest ? counted(this.#manifest) : this.#opening.known.materials;
  }

  get numbering(): Numbering {
    return (this.#numbering ??= new Numbering(this.materials));
  }

  whole(): Promise<Manifest> {
    if (this.manifest) return Promise.resolve(this.manifest);
    if (!this.#whole) {
      this.#whole = this.#complete();
      // Told to whoever waits for it, and perhaps nobody does.
      this.#whole.catch(() => undefined);
    }
    return this.#whole;
  }

  /** Asks the server whether there is a newer manifest. */
  async refresh(): Promise<void> {
    if (this.#local || !this.manifest) return;
    const newer = await requestDocument(`${this.#base}/manifest`, this.#closing, this.#tag);
    if (!newer || this.#closing.aborted) return;
    this.#tag = newer.tag;
    await this.#grow(newer.bytes);
  }

  /** Takes another manifest in, one after the other; a broken one is reported, and changes nothing. */
  #grow(bytes: Uint8Array): Promise<void> {
    const grown = this.#growing.then(async () => {
      const { manifest, reading } = await readManifest(this.#opening.engine, bytes, this.#closing);
      // The server need not have had the same tag for what is known.
      if (!this.#local && manifest.revision === this.manifest?.revision) return reading.free();
      this.#host.take(reading, this.#local?.addresses ?? {});
      this.#manifest = manifest;
      this.#numbering = null;
      this.#host.learnt(manifest);
    });
    this.#growing = grown.catch((cause: unknown) => {
      if (this.#closing.aborted) return;
      console.error(cause);
      this.#host.failed(typeof cause === 'string' ? (cause as Code) : 'manifest.format');
    });
    return grown;
  }

  /** Gets the rest of a large volume. Reading it takes time that the first page does not have. */
  async #complete(): Promise<Manifest> {
    const { viewer, failed } = this.#host;
    const address = `${this.#base}/manifests/${this.#opening.known.whole ?? ''}`;
    const bytes = await requestWhole(address, this.#closing, failed);
    await until(viewer, ({ readable, sharp }) => sharp || !readable, PATIENCE, this.#closing);
    if (!document.hidden) {
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    }
    this.#closing.throwIfAborted();
    await this.#grow(bytes);
    if (!this.#manifest) throw new EvolumeError('manifest.format');
    return this.#manifest;
  }
}
