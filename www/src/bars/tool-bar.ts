// The reader's tools: back and forward, the page, the zoom, the arrangement.
import { localized, msg } from '@lit/localize';
import type { EvolumeViewer, Manifest, Status, View } from 'evolume';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { nextIcon, previousIcon } from '../icons.ts';
import { ObserveController } from '../parts/observe.ts';
import { controls } from '../parts/controls.ts';
import { labelOf, pageOfLabel } from '../materials/labels.ts';
import './page-box.ts';
import type { Travel } from '../opening/travel.ts';
import type { ViewWish } from './view-control.ts';
import './view-control.ts';
import type { ZoomWish } from './zoom-control.ts';
import './zoom-control.ts';

/** Does what the reader wants of the view. */
export function carryOut(wish: ViewWish | ZoomWish, viewer: EvolumeViewer): void {
  if ('fit' in wish) return viewer.fit(wish.fit);
  if ('percent' in wish) return viewer.zoomTo(wish.percent);
  if ('arrange' in wish) viewer.arrange(wish.arrange);
  else if ('tool' in wish) viewer.toggleTool(wish.tool);
  else if (wish.turn === 'page') viewer.turnPage();
  else viewer.turnAll();
  viewer.focus();
}

@localized()
@customElement('ev-tool-bar')
export class ToolBar extends LitElement {
  @property({ attribute: false }) manifest: Manifest | null = null;
  @property({ attribute: false }) status: Status | null = null;
  @property({ attribute: false }) view: View | null = null;
  @property({ attribute: false }) travel: Travel | null = null;
  protected readonly observing = new ObserveController(this, () => this.travel);

  static override styles = [
    controls,
    css`
      [role='toolbar'] {
        display: flex;
        align-items: center;
        gap: 16px;
      }

      .travel {
        display: flex;
        margin-right: -8px;
      }

      @media (max-width: 700px) {
        [role='toolbar'] {
          justify-content: space-between;
          gap: 4px;
        }

        .travel {
          display: none;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const { status, travel } = this;
    return html`<div role="toolbar" aria-label=${msg('阅读')}>
      <div class="travel">
        <button
          class="icon"
          title=${msg('返回上一处（Alt+←）')}
          aria-label=${msg('返回上一处')}
          ?disabled=${!travel?.canGoBack}
          @click=${() => travel?.back()}
        >
          ${previousIcon}
        </button>
        <button
          class="icon"
          title=${msg('前往下一处（Alt+→）')}
          aria-label=${msg('前往下一处')}
          ?disabled=${!travel?.canGoForward}
          @click=${() => travel?.forward()}
        >
          ${nextIcon}
        </button>
      </div>
      <ev-page-box
        .page=${status?.page ?? 0}
        .pages=${status?.pages ?? 0}
        .label=${labelOf(this.manifest, status)}
        .find=${this.#findLabel}
        @go-to=${this.#pass}
      ></ev-page-box>
      <ev-zoom-control
        .zoom=${status?.zoom ?? 0}
        .fit=${status?.fit ?? null}
        @zoom=${this.#pass}
      ></ev-zoom-control>
      <ev-view-control
        .view=${this.view}
        .tool=${status?.tool ?? 'select'}
        @wish=${this.#pass}
      ></ev-view-control>
    </div>`;
  }

  readonly #findLabel = (label: string): number =>
    this.manifest ? pageOfLabel(this.manifest, label, this.status?.material ?? 0) : 0;

  /** Events of the controls end at this element; the reader hears them from it. */
  #pass(event: CustomEvent): void {
    this.dispatchEvent(new CustomEvent(event.type, { detail: event.detail as unknown }));
  }
}
