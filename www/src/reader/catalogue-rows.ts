// The catalogue as a flat list of visible rows, computed without the page so that it stays quick and plain.
import type { Category, Manifest, Material } from 'evolume';

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
  position: number;
  siblings: number;
};

/** The whole tree: runs of one category form a group when there is more than one material in them. */
export function catalogueTree(manifest: Manifest): Row[] {
  const roots: Row[] = [];
  let first = 1;
  let group: Row | null = null;
  manifest.materials.forEach((material, index) => {
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
    entry.children = outlineTree(entry, material, first);
    if (group) group.count += 1;
    (group?.children ?? roots).push(entry);
    first += material.pages.length;
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

function outlineTree(parent: Row, material: Material, first: number): Row[] {
  const path = [parent];
  material.outline.forEach((item, index) => {
    // Levels in damaged outlines may jump; a child is never deeper than one under what precedes it.
    path.length = Math.min(path.length, item.level + 1);
    const above = path[path.length - 1] ?? parent;
    const page = first + Math.min(item.page, Math.max(0, material.pages.length - 1));
    const key = `${parent.key}.${index}`;
    const entry = row(key, 'outline', item.title, material.category, above.level + 1, page);
    above.children.push(entry);
    path.push(entry);
  });
  return parent.children;
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
