// A large manifest in pieces, as JSON: each of its materials, and everything else.

const KEY = new TextEncoder().encode('"materials":[');
const QUOTE = 0x22;
const COMMA = 0x2c;
const LIST = 0x5b;
const BACKSLASH = 0x5c;
const END = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Gives the materials one by one, each found as it is asked for, and at last everything else. JSON that is not as the
 * server writes it stays in one piece.
 */
export function* split(manifest: Uint8Array): Generator<Uint8Array, Uint8Array> {
  const start = find(manifest);
  if (start === -1) return manifest;
  let first = start;
  let depth = 0;
  for (let at = start; at < manifest.length; at++) {
    const byte = manifest[at];
    if (byte === QUOTE) at = stringEnd(manifest, at);
    else if (byte === OPEN || byte === LIST) depth += 1;
    else if (depth === 0 && (byte === COMMA || byte === END)) {
      if (first < at) yield manifest.subarray(first, at);
      first = at + 1;
      if (byte === END) return without(manifest, start, at);
    } else if (byte === CLOSE || byte === END) depth -= 1;
  }
  throw new SyntaxError('the list of materials does not end');
}

function without(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const rest = new Uint8Array(start + bytes.length - end);
  rest.set(bytes.subarray(0, start));
  rest.set(bytes.subarray(end), start);
  return rest;
}

/** Where the first material begins; -1 without any list of them. A key cannot stand inside a string unescaped. */
function find(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    if (KEY.every((byte, n) => bytes[at + n] === byte)) return at + KEY.length;
  }
  return -1;
}

/** The closing quote of the string that begins here. */
function stringEnd(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(QUOTE, start + 1); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return bytes.length;
}
