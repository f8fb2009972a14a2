// The big volumes: a thousand pages of text, three hundred scans. They are not part of the project.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const FOLDERS = [
  resolve(root, '../shared/corpus/synthetic'),
  join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'bench/corpus'),
];

/** Where the file is, or undefined; `cargo xtask sample --big` makes it. */
export function bigVolume(name: 'vol1000.pdf' | 'scan300.pdf'): string | undefined {
  const found = FOLDERS.map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (!found) console.log(`skipped: no ${name} (make it with \`cargo xtask sample --big\`)`);
  return found;
}
