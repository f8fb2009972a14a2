// Which materials show blanks: their PDF embeds no font, and the server had none to stand in.
import type { Face, Material } from 'evolume';

export function lacksFonts({ parts, fonts = [] }: Material): boolean {
  const there = new Set(fonts.map(({ face }) => key(face)));
  return parts.some(({ fonts: wanted = [] }) => wanted.some((face) => !there.has(key(face))));
}

function key({ family, region, bold }: Face): string {
  return `${family} ${region} ${String(bold)}`;
}
