// Page labels as printed in the materials (iv, A-3), beside the volume's own page numbers.
import { type Manifest, Numbering, type Page, type Status } from 'evolume';

/** A page's label; empty when it has none, or when its number, in the volume or in its material, says the same. */
export function labelBeside(page: Page | undefined, number: number, inMaterial: number): string {
  const label = page?.label?.trim() ?? '';
  return label === String(number) || label === String(inMaterial) ? '' : label;
}

/** The label of the page one is on. */
export function labelOf(manifest: Manifest | null, status: Status | null): string {
  if (!manifest || !status || status.page === 0) return '';
  const page = manifest.materials[status.material]?.pages[status.page_in_material - 1];
  return labelBeside(page, status.page, status.page_in_material);
}

/** The volume page that carries a label: in the material at hand if there, else the first one; 0 for none. */
export function pageOfLabel(manifest: Manifest, wanted: string, material: number): number {
  const plain = (label: string): string => label.normalize('NFKC').trim().toLowerCase();
  const key = plain(wanted);
  if (key === '') return 0;
  const numbering = Numbering.of(manifest);
  let first = 0;
  for (const [position, { pages }] of manifest.materials.entries()) {
    const index = pages.findIndex((page: Page) => page.label && plain(page.label) === key);
    if (index < 0) continue;
    const number = numbering.first(position) + index;
    if (position === material) return number;
    first ||= number;
  }
  return first;
}
