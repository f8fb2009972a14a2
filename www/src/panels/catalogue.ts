// The catalogue (卷内目录): an accessible tree that renders only the rows in view.
import { localized, msg, str } from '@lit/localize';
import type { Manifest } from 'evolume';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { rightIcon } from '../icons.ts';
import { controls } from '../parts/controls.ts';
import { VirtualList } from '../parts/virtual-list.ts';
import { categoryName } from '../words.ts';
import { explain } from '../problems.ts';
import { catalogueStyle } from './catalogue.style.ts';
import { lacksFonts } from '../materials/fonts.ts';
import {
  catalogueTree,
  fill,
  initiallyOpen,
  parentOf,
  type Row,
  rowOfPage,
  visibleRows,
} from './catalogue-rows.ts';
import { loadNavigation } from '../materials/navigation.ts';
import { recordingName, remarks, sourceName } from '../materials/sources.ts';

@localized()
@customElement('ev-catalogue')
export class Catalogue extends LitElement {
  @property({ attribute: false }) manifest: Manifest | null = null;
  @property({ attribute: false }) page = 0;
  @state() private open: ReadonlySet<string> = new Set();
  @state() private activeKey = '';
  /** Rows whose outline has not come. */
  @state() private failed: ReadonlySet<string> = new Set();
  @query('[role="tree"]') private box?: HTMLElement;

  readonly #visible = new VirtualList(this, () => this.box);
  #tree: Row[] = [];
  #rows: Row[] = [];

  static override styles = [controls, catalogueStyle];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('manifest')) {
      this.#tree = this.manifest ? catalogueTree(this.manifest) : [];
      this.open = initiallyOpen(this.#tree);
      this.failed = new Set();
      for (const row of this.#tree) if (this.open.has(row.key)) void this.#fetch(row);
    }
    this.#rows = visibleRows(this.#tree, this.open);
  }

  protected override updated(changed: PropertyValues<this>): void {
    // What is revised later lets the reader look elsewhere in the list.
    const first = changed.has('manifest') && !changed.get('manifest');
    if (first || changed.has('page')) this.#reveal(rowOfPage(this.#rows, this.page));
  }

  override render() {
    const current = rowOfPage(this.#rows, this.page);
    const [from, to] = this.#visible.range(this.#rows.length);
    const height = this.#visible.itemHeight;
    return html`<div
      role="tree"
      class=${this.#tree.some(isExpandable) ? '' : 'flat'}
      tabindex="0"
      aria-label=${msg('卷内目录')}
      aria-activedescendant=${this.#active() ? 'active' : nothing}
      @keydown=${this.#key}
    >
      <div class="rows" role="presentation" style="height:${this.#rows.length * height}px">
        ${repeat(
          this.#rows.slice(from, to),
          (row) => row.key,
          (row, index) => this.#row(row, row === current, (from + index) * height),
        )}
      </div>
    </div>`;
  }

  #row(row: Row, current: boolean, top: number): TemplateResult {
    const title = row.kind === 'group' ? categoryName(row.category) : row.title;
    const expandable = isExpandable(row);
    const failed = this.failed.has(row.key);
    const broken = row.material?.pages.filter((page) => page.problem).length ?? 0;
    return html`<div
      role="treeitem"
      id=${row.key === this.activeKey ? 'active' : nothing}
      class="row ${row.kind}"
      style="transform:translateY(${top}px);--level:${row.level}"
      title=${[title, ...(row.material ? remarks(row.material) : [])].join(' · ')}
      aria-level=${row.level}
      aria-posinset=${row.position}
      aria-setsize=${row.siblings}
      aria-expanded=${expandable ? this.open.has(row.key) : nothing}
      aria-current=${current ? 'page' : nothing}
      aria-selected=${current}
      @click=${() => this.#choose(row)}
    >
      <span class="twisty" @click=${(event: Event) => this.#twist(event, row)}
        >${expandable ? rightIcon : nothing}</span
      >
      <span class="title">${title}</span>
      ${row.kind === 'group' ? html`<small>${msg(str`${row.count} 份`)}</small>` : this.#kind(row)}
      ${failed ? html`<small class="broken">${msg('目录未能载入')}</small>` : nothing}
      ${row.material && lacksFonts(row.material) ? this.#fontless() : nothing}
      ${broken > 0 ? html`<small class="broken">${msg(str`${broken} 页损坏`)}</small>` : nothing}
      <span class="page">${row.material?.pages.length === 0 ? '–' : row.page}</span>
    </div>`;
  }

  #fontless(): TemplateResult {
    const { title, advice } = explain('font.missing');
    return html`<small class="broken" title=${advice}>${title}</small>`;
  }

  #kind(row: Row): TemplateResult | typeof nothing {
    if (!row.material) return nothing;
    const recording = recordingName(row.material);
    if (recording) return html`<small>${recording}</small>`;
    const source = sourceName(row.material);
    if (source) return html`<small title=${msg(str`由 ${source} 文件转换`)}>${source}</small>`;
    if (row.material.media_type.startsWith('image/')) return html`<small>${msg('图片')}</small>`;
    const scanned = row.material.pages.length > 0 && row.material.pages.every((page) => page.image);
    return scanned ? html`<small>${msg('扫描')}</small>` : nothing;
  }

  #active(): Row | undefined {
    return this.#rows.find((row) => row.key === this.activeKey);
  }

  #choose(row: Row): void {
    this.activeKey = row.key;
    if (row.kind === 'group') this.#toggle(row);
    else this.dispatchEvent(new CustomEvent('go-to', { detail: row.page }));
  }

  #twist(event: Event, row: Row): void {
    if (!isExpandable(row)) return;
    event.stopPropagation();
    this.#toggle(row);
  }

  #toggle(row: Row, opened = !this.open.has(row.key)): void {
    const open = new Set(this.open);
    if (opened) {
      open.add(row.key);
      void this.#fetch(row);
    } else open.delete(row.key);
    this.open = open;
  }

  /** Fetches the outline of a row that is opened, if it has not come yet. */
  async #fetch(row: Row): Promise<void> {
    const { manifest } = this;
    if (!row.pending || !row.material?.guide || !manifest) return;
    try {
      const { outline } = await loadNavigation(manifest.volume, row.material.guide.blob);
      fill(row, outline);
      this.#fail(row, false);
    } catch (cause) {
      // It is closed again, so that the next click asks anew.
      console.error(cause);
      this.#fail(row, true);
      this.#toggle(row, false);
    }
    this.requestUpdate();
  }

  #fail(row: Row, failed: boolean): void {
    const all = new Set(this.failed);
    if (failed) all.add(row.key);
    else all.delete(row.key);
    this.failed = all;
  }

  #key(event: KeyboardEvent): void {
    const at = this.#rows.findIndex((row) => row.key === this.activeKey);
    const row = this.#rows[at] ?? rowOfPage(this.#rows, this.page) ?? this.#rows[0];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = this.#rows.indexOf(row);
    // The first key only shows where one is.
    const step = at < 0 ? 0 : 1;
    const actions: Record<string, () => void> = {
      ArrowDown: () => this.#activate(here + step),
      ArrowUp: () => this.#activate(here - step),
      Home: () => this.#activate(0),
      End: () => this.#activate(this.#rows.length - 1),
      PageDown: () => this.#activate(here + this.#visible.perScreen),
      PageUp: () => this.#activate(here - this.#visible.perScreen),
      Enter: () => this.#choose(row),
      ' ': () => this.#choose(row),
      ArrowRight: () => this.#unfold(row, here),
      ArrowLeft: () => this.#fold(row),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  #unfold(row: Row, here: number): void {
    if (!isExpandable(row)) return;
    if (this.open.has(row.key)) this.#activate(here + 1);
    else this.#toggle(row, true);
  }

  #fold(row: Row): void {
    if (isExpandable(row) && this.open.has(row.key)) return this.#toggle(row, false);
    const parent = parentOf(this.#rows, row);
    if (parent) this.#activate(this.#rows.indexOf(parent));
  }

  #activate(index: number): void {
    const row = this.#rows[Math.min(this.#rows.length - 1, Math.max(0, index))];
    if (!row) return;
    this.activeKey = row.key;
    this.#reveal(row);
  }

  #reveal(row: Row | null): void {
    if (row) this.#visible.reveal(this.#rows.indexOf(row));
  }
}

function isExpandable(row: Row): boolean {
  return row.children.length > 0 || row.pending;
}
