// Many rooms over one WebSocket: the packets, as `annotations/src/mux.rs` writes and reads them.

/** The WebSocket subprotocol; its number is the version. */
export const PROTOCOL = 'evolume.mux.1';

/** What a shared document is called. */
export type DocKey = {
  scope: 'volume' | 'case';
  /** The volume's or the case's. */
  id: string;
  /** In a volume: the layer's id. */
  name: string;
};

export type Packet =
  | { type: 'open'; channel: number; key: DocKey }
  | { type: 'opened'; channel: number }
  | { type: 'data'; channel: number; frame: Uint8Array }
  | { type: 'close'; channel: number; status: number; reason: string };

/** A packet's number on the wire is its place here. */
const TYPES = ['open', 'opened', 'data', 'close'] as const;
const SCOPES = ['volume', 'case'] as const;

export function encode(packet: Packet): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  writeInteger(out, TYPES.indexOf(packet.type));
  writeInteger(out, packet.channel);
  switch (packet.type) {
    case 'open':
      writeInteger(out, SCOPES.indexOf(packet.key.scope));
      writeText(out, packet.key.id);
      writeText(out, packet.key.name);
      break;
    case 'opened':
      break;
    case 'data': {
      const bytes = new Uint8Array(out.length + packet.frame.length);
      bytes.set(out);
      bytes.set(packet.frame, out.length);
      return bytes;
    }
    case 'close':
      writeInteger(out, packet.status);
      writeText(out, packet.reason);
      break;
  }
  return Uint8Array.from(out);
}

/** Null when the bytes are no packet, or one that this program does not know. */
export function decode(bytes: Uint8Array): Packet | null {
  const reader = new Reader(bytes);
  try {
    const type = TYPES[reader.integer()];
    const channel = reader.integer();
    switch (type) {
      case 'open': {
        const scope = SCOPES[reader.integer()];
        const [id, name] = [reader.text(), reader.text()];
        return scope ? { type, channel, key: { scope, id, name } } : null;
      }
      case 'opened':
        return { type, channel };
      case 'data':
        return { type, channel, frame: reader.rest() };
      case 'close':
        return { type, channel, status: reader.integer(), reason: reader.text() };
      default:
        return null;
    }
  } catch (cause) {
    if (cause instanceof RangeError || cause instanceof TypeError) return null;
    throw cause;
  }
}

/** Seven bits a byte, the lowest first. */
function writeInteger(out: number[], value: number): void {
  let left = value;
  while (left >= 0x80) {
    out.push((left % 0x80) | 0x80);
    left = Math.floor(left / 0x80);
  }
  out.push(left);
}

function writeText(out: number[], text: string): void {
  const bytes = new TextEncoder().encode(text);
  writeInteger(out, bytes.length);
  out.push(...bytes);
}

/** Throws a `RangeError` at the end of the bytes and a `TypeError` at what is not UTF-8. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  integer(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 0x80) {
      const [byte = 0] = this.#take(1);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new RangeError('an integer without an end');
  }

  text(): string {
    return new TextDecoder('utf-8', { fatal: true }).decode(this.#take(this.integer()));
  }

  rest(): Uint8Array {
    return this.#take(this.#bytes.length - this.#at);
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new RangeError('the bytes end too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
