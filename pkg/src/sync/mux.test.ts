// The packets of a window's socket, on the very bytes that `annotations/src/mux.rs` is tested on.
import { describe, expect, test } from 'vitest';
import { decode, encode, type Packet } from './mux.ts';

const text = (value: string): number[] => [...new TextEncoder().encode(value)];

const PACKETS: readonly (readonly [Packet, readonly number[]])[] = [
  [
    { type: 'open', channel: 1, key: { scope: 'volume', id: 'v1', name: 'panel' } },
    [0, 1, 0, 2, ...text('v1'), 5, ...text('panel')],
  ],
  [{ type: 'opened', channel: 300 }, [1, 0xac, 2]],
  [{ type: 'data', channel: 2, frame: Uint8Array.of(9, 8) }, [2, 2, 9, 8]],
  [
    { type: 'close', channel: 2, status: 4403, reason: 'a.b' },
    [3, 2, 0xb3, 0x22, 3, ...text('a.b')],
  ],
];

describe('packets', () => {
  test.each(PACKETS)('%o are these bytes', (packet, bytes) => {
    expect([...encode(packet)]).toEqual(bytes);
    expect(decode(Uint8Array.from(bytes))).toEqual(packet);
  });

  test.each([[[]], [[9, 9]], [[0, 1, 7]], [[3, 2, 1, 200, 1]], [Array<number>(20).fill(0xff)]])(
    'bytes that are none are told apart: %o',
    (bytes) => expect(decode(Uint8Array.from(bytes))).toBeNull(),
  );

  test('what is not UTF-8 is none', () => {
    expect(decode(Uint8Array.of(3, 2, 1, 1, 0xff))).toBeNull();
  });
});
