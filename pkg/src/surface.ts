// What of a viewer is in the page: the canvas, the scrollbar, the texts to be heard, the handles of a selection.
import type { PageLines, Selection, Status } from './generated/index.ts';
import type { Grab, Handles } from './handles.ts';
import type { Numbering } from './numbering.ts';
import type { Labels } from './options.ts';
import { PageTexts } from './page-texts.ts';
import { Scrollbar } from './scrollbar.ts';
import { styles } from './style.ts';

/** What is done with it. */
export type Hands = {
  scrollTo: (fraction: number) => void;
  /** False when the key is the browser's. */
  key: (event: KeyboardEvent) => boolean;
  copy: (event: ClipboardEvent) => void;
  grab: Grab;
  resized: () => void;
  /** Something was thrown that nobody caught. */
  thrown: (cause: unknown) => void;
};

export class Surface {
  readonly root = document.createElement('div');
  readonly canvas = document.createElement('canvas');
  readonly #hands: Hands;
  readonly #closing: AbortSignal;
  readonly #scrollbar: Scrollbar;
  readonly #texts = new PageTexts();
  #labels: Labels;
  #status: Status | null = null;
  #handles: Handles | null = null;
  #selection: Selection | null = null;
  /** What pointed last: only a finger needs handles. */
  #touched = false;

  constructor(host: HTMLElement, labels: Labels, hands: Hands, closing: AbortSignal) {
    this.#hands = hands;
    this.#closing = closing;
    this.#labels = labels;
    this.#scrollbar = new Scrollbar(hands.scrollTo);
    this.#build(host);
    this.#listen();
    closing.addEventListener('abort', () => this.root.remove(), { once: true });
  }

  setLabels(labels: Labels): void {
    this.#labels = labels;
    this.root.setAttribute('aria-label', labels.document);
    this.#scrollbar.element.setAttribute('aria-label', labels.scrollbar);
    this.#texts.label(labels.page);
    if (this.#status) this.showStatus(this.#status);
  }

  /** Takes the keys, without the ring that shows those who press Tab where they are. */
  focus(): void {
    this.root.dataset['quiet'] = '';
    this.root.focus({ preventScroll: true });
  }

  showStatus(status: Status): void {
    this.#status = status;
    this.#scrollbar.update(status, this.#labels.page(status.page));
  }

  showTexts(pages: readonly PageLines[], numbering: Numbering): void {
    this.#texts.update(
      pages.map(({ page, lines }) => ({ number: numbering.number(page) ?? 0, lines })),
    );
  }

  async showSelection(selection: Selection | null): Promise<void> {
    this.#selection = selection;
    if (this.#touched && selection && !this.#handles) {
      const { Handles } = await import('./handles.ts');
      const shadow = this.root.shadowRoot;
      if (shadow && !this.#closing.aborted) this.#handles ??= new Handles(shadow, this.#hands.grab);
    }
    this.#handles?.place(this.#touched ? this.#selection : null);
  }

  /** Calls `resized` from now on whenever the canvas is of another size. */
  observe(): void {
    const resizes = new ResizeObserver(() => this.#hands.resized());
    this.#closing.addEventListener('abort', () => resizes.disconnect(), { once: true });
    try {
      // Fires as well when the window moves to a screen of another density.
      resizes.observe(this.canvas, { box: 'device-pixel-content-box' });
    } catch {
      resizes.observe(this.canvas);
    }
  }

  /** The size is another. */
  place(): void {
    this.#scrollbar.place();
  }

  #build(host: HTMLElement): void {
    const shadow = this.root.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    shadow.adoptedStyleSheets = [sheet];
    this.canvas.id = 'canvas';
    this.canvas.setAttribute('aria-hidden', 'true');
    this.#scrollbar.element.hidden = true;
    shadow.append(this.canvas, this.#texts.element, this.#scrollbar.element);
    this.root.tabIndex = 0;
    this.root.setAttribute('role', 'document');
    this.setLabels(this.#labels);
    host.append(this.root);
  }

  #listen(): void {
    const signal = this.#closing;
    const { key, copy, thrown } = this.#hands;
    this.root.addEventListener('blur', () => delete this.root.dataset['quiet'], { signal });
    this.root.addEventListener(
      'keydown',
      (event) => {
        if (key(event)) event.preventDefault();
      },
      { signal },
    );
    this.root.addEventListener(
      'pointerdown',
      (event) => {
        this.#touched = event.pointerType !== 'mouse';
      },
      { signal, capture: true },
    );
    this.root.addEventListener('copy', copy, { signal });
    window.addEventListener('error', (event) => thrown(event.error), { signal });
    window.addEventListener('unhandledrejection', (event) => thrown(event.reason), { signal });
  }
}
