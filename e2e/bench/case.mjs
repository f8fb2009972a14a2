// A case of 10,000 pages: the volume's pages ten times over under an index of their own texts.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

const TIMES = 10;

/** Answers a page's requests so that the volume has 10,000 pages; false when nobody has made the index. */
export async function enlarge(page, file) {
  if (!existsSync(file)) {
    console.log(`skipped: no ${file}`);
    return false;
  }
  const index = readFileSync(file);
  const blob = { sha256: createHash('sha256').update(index).digest('hex'), bytes: index.length };
  await page.route('**/excerpt', async (route) => {
    const response = await route.fetch();
    const excerpt = await response.json();
    const [material] = excerpt.manifest.materials;
    material.pages = Array.from({ length: TIMES }, () => material.pages).flat();
    material.index = { ...material.index, blob };
    await route.fulfill({ response, json: excerpt });
  });
  await page.route(`**/blobs/${blob.sha256}`, (route) => route.fulfill({ body: index }));
  return true;
}
