// What is known of a volume, and how it comes to be more while the volume is open.
import type { ViewerEventTarget } from '../events.ts';
import type { Code, Manifest, Status } from '../generated/index.ts';
import type { LocalVolume } from '../local.ts';
import { Numbering } from '../numbering.ts';
import { requestDocument } from '../request.ts';
import { type Counted, counted, type Known, parse } from './known.ts';
import type { Opening } from './prepare.ts';
import { requestWhole, until } from './whole.ts';

/** Milliseconds for which the rest of a large volume waits for the first sharp page. */
const PATIENCE = 2_000;

/** Who shows the volume. */
export type Host = {
  readonly viewer: ViewerEventTarget & { readonly status: Status | null };
  /** The engine takes a manifest, and where blobs lie by SHA-256; false when it refuses. */
  take: (manifest: Uint8Array, addresses: Record<string, string>) => boolean;
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
    local?.addEventListener('revise', () => this.#reviseLocal(local), { signal: closing });
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
    const before = this.manifest;
    if (this.#local || !before) return;
    const newer = await requestDocument(`${this.#base}/manifest`, this.#closing, this.#tag);
    if (!newer || this.#closing.aborted) return;
    this.#tag = newer.tag;
    const manifest = parse(newer.bytes) as Manifest;
    if (manifest.revision !== before.revision && this.#host.take(newer.bytes, {})) {
      this.#learn(manifest);
    }
  }

  #reviseLocal({ bytes, addresses, manifest }: LocalVolume): void {
    if (this.#host.take(bytes, addresses)) this.#learn(manifest);
  }

  #learn(manifest: Manifest): void {
    this.#manifest = manifest;
    this.#numbering = null;
    this.#host.learnt(manifest);
  }

  /** Gets the rest of a large volume. Reading it takes time that the first page does not have. */
  async #complete(): Promise<Manifest> {
    const { viewer, failed, take } = this.#host;
    const address = `${this.#base}/manifests/${this.#opening.known.whole ?? ''}`;
    const bytes = await requestWhole(address, this.#closing, failed);
    await until(viewer, ({ readable, sharp }) => sharp || !readable, PATIENCE, this.#closing);
    if (!document.hidden) {
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    }
    this.#closing.throwIfAborted();
    take(bytes, {});
    // Both take a moment: a click in between is heard.
    await new Promise((done) => setTimeout(done));
    this.#closing.throwIfAborted();
    const manifest = parse(bytes) as Manifest;
    this.#learn(manifest);
    return manifest;
  }
}
