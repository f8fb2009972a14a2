// The catalogue as a flat list of visible rows, computed without the page so that it stays quick and plain.
import { type Category, type Manifest, type Material, Numbering, type OutlineItem } from 'evolume';

export type Row = {
  /** Stable while the manifest is. */
  key: string;
  kind: 'group' | 'material' | 'outline';
  /** Empty for a group, which is named by its category. */
  title: string;
  category: Category;
  /** Number of materials in a group. */
  count: number;
  /** From 1, as in aria-level. */
  level: number;
  /** Volume page number it leads to. */
  page: number;
  material: Material | null;
  children: Row[];
  /** It has children that are fetched when it is opened. */
  pending: boolean;
  position: number;
  siblings: number;
};

/** The whole tree: runs of one category form a group when there is more than one material in them. */
export function catalogueTree(manifest: Manifest): Row[] {
  const roots: Row[] = [];
  const numbering = Numbering.of(manifest);
  let group: Row | null = null;
  manifest.materials.forEach((material, index) => {
    const first = numbering.first(index);
    const grouped =
      manifest.materials[index - 1]?.category === material.category ||
      manifest.materials[index + 1]?.category === material.category;
    if (!grouped) group = null;
    else if (group?.category !== material.category) {
      group = row(`g${index}`, 'group', '', material.category, 1, first);
      roots.push(group);
    }
    const level = group ? 2 : 1;
    const entry = row(`m${index}`, 'material', material.title, material.category, level, first);
    entry.material = material;
    fill(entry, material.outline ?? []);
    entry.pending = entry.children.length === 0 && (material.guide?.outline ?? 0) > 0;
    if (group) group.count += 1;
    (group?.children ?? roots).push(entry);
  });
  number(roots);
  return roots;
}

/** What is open at first: all groups, and the outlines where there is little else to show. */
export function initiallyOpen(tree: Row[]): Set<string> {
  const open = new Set(tree.filter((one) => one.kind === 'group').map((one) => one.key));
  const only = tree.length === 1 ? tree[0] : undefined;
  if (only) open.add(only.key);
  return open;
}

/** Rows in the order shown; those under a closed row are left out. */
export function visibleRows(tree: Row[], open: ReadonlySet<string>): Row[] {
  return tree.flatMap((one) =>
    open.has(one.key) ? [one, ...visibleRows(one.children, open)] : [one],
  );
}

/** The row that a page belongs to: the last one shown that begins at or before it. */
export function rowOfPage(rows: Row[], page: number): Row | null {
  let found: Row | null = null;
  for (const one of rows) {
    if (one.page > page) break;
    found = one;
  }
  return found;
}

/** The row under which another one stands, or null at the root. */
export function parentOf(rows: Row[], child: Row): Row | null {
  return rows.find((one) => one.children.includes(child)) ?? null;
}

/** Puts the outline of its PDF under a material, once. */
export function fill(entry: Row, outline: readonly OutlineItem[]): void {
  if (entry.children.length > 0) return;
  entry.pending = false;
  const last = Math.max(0, (entry.material?.pages.length ?? 0) - 1);
  const path = [entry];
  outline.forEach((item, index) => {
    // Levels in damaged outlines may jump; a child is never deeper than one under what precedes it.
    path.length = Math.min(path.length, item.level + 1);
    const above = path[path.length - 1] ?? entry;
    const page = entry.page + Math.min(item.page, last);
    const key = `${entry.key}.${index}`;
    const child = row(key, 'outline', item.title, entry.category, above.level + 1, page);
    above.children.push(child);
    path.push(child);
  });
  number(entry.children);
}

function row(
  key: string,
  kind: Row['kind'],
  title: string,
  category: Category,
  level: number,
  page: number,
): Row {
  return {
    key,
    kind,
    title,
    category,
    level,
    page,
    count: 0,
    material: null,
    children: [],
    pending: false,
    position: 1,
    siblings: 1,
  };
}

function number(rows: Row[]): void {
  rows.forEach((one, index) => {
    one.position = index + 1;
    one.siblings = rows.length;
    number(one.children);
  });
}
