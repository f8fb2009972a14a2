// A manifest in pieces is the same manifest.
import { describe, expect, test } from 'vitest';
import { split } from './split.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

type Manifest = { materials: unknown[] };

/** The materials, and the rest. */
function pieces(text: string): [materials: unknown[], rest: string] {
  const materials = split(encode(text));
  const all: unknown[] = [];
  for (let piece = materials.next(); ; piece = materials.next()) {
    if (piece.done) return [all, new TextDecoder().decode(piece.value)];
    all.push(decode(piece.value));
  }
}

describe('the pieces of a manifest', () => {
  test.each([
    { materials: [] },
    { format: 1, materials: [{ id: 'a' }] },
    {
      format: 1,
      case_title: 'in a string "materials":[ is no list',
      materials: [
        { id: 'a', title: '} , ] and \\" and \\\\', pages: [{ width: 1 }, { width: 2 }] },
        { id: 'b', title: '材料，"二"', pages: [], fonts: [[], [{}]] },
        { id: 'c\\', title: '' },
      ],
      unread: 'ocr.missing',
      bundle: { sha256: 'x', bytes: 1 },
    },
  ])('are all of it: %j', (manifest) => {
    const [materials, rest] = pieces(JSON.stringify(manifest));
    const head = JSON.parse(rest) as Manifest;
    expect(head.materials).toEqual([]);
    expect({ ...head, materials }).toEqual(manifest);
  });

  test('are as many as there are materials', () => {
    const materials = Array.from({ length: 7 }, (_, id) => ({ id, pages: [[id], { id }] }));
    expect(pieces(JSON.stringify({ materials, format: 1 }))).toEqual([
      materials,
      '{"materials":[],"format":1}',
    ]);
  });

  test.each(['{ "materials": [ {} ] }', '{}', ''])(
    'are one where it is written otherwise: %s',
    (text) => {
      expect(pieces(text)).toEqual([[], text]);
    },
  );

  test('are none where it is cut off', () => {
    expect(() => pieces('{"materials":[{}')).toThrow(SyntaxError);
  });
});
