// An EventTarget whose listeners know the type of what they get.
import type {
  Code,
  LinkDestination,
  Manifest,
  PageLines,
  PageRef,
  PointedLink,
  Selection,
  Stage,
  Status,
  View,
} from './generated/index.ts';

/** Something that went wrong without ending the reading, unless the code is `viewer.panic`. */
export type ViewerProblem = { code: Code; page: PageRef | null };

/** The events of a viewer and what their `detail` holds. */
export type ViewerEvents = {
  status: Status;
  problem: ViewerProblem;
  /** The selected text, or where it lies on the screen, has changed; null when nothing is selected. */
  selection: Selection | null;
  /** A click on the pages that selected nothing: on this mark, or on none. */
  mark: string | null;
  /** A click on a link or a citation: where it leads is for the page around the viewer to judge. */
  follow: LinkDestination;
  /** A key has come to a link or a citation. */
  link: PointedLink;
  /** The pages are arranged or turned otherwise. */
  view: View;
  /**
   * Another manifest is there: a large volume is whole, scans were read, materials have come or gone. Numbers of pages
   * may have changed; what is open has stayed on its pages.
   */
  revise: Manifest;
  /** Every visible page shows at least its preview, for the first time. */
  readable: null;
  /** Every visible pixel is sharp, for the first time. */
  sharp: null;
};

export class ViewerEventTarget extends EventTarget {
  on<K extends keyof ViewerEvents>(
    type: K,
    listener: (detail: ViewerEvents[K]) => void,
    options?: AddEventListenerOptions,
  ): void {
    this.addEventListener(
      type,
      (event) => listener((event as CustomEvent<ViewerEvents[K]>).detail),
      options,
    );
  }

  protected emit<K extends keyof ViewerEvents>(type: K, detail: ViewerEvents[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** What the Rust side reports, as JSON. */
export type EngineMessage =
  | ({ type: 'status' } & Status)
  | ({ type: 'problem' } & ViewerProblem)
  | { type: 'selection'; selection: Selection | null }
  | { type: 'mark'; id: string | null }
  | { type: 'follow'; destination: LinkDestination }
  | { type: 'link'; link: PointedLink }
  | { type: 'read'; pages: PageLines[] }
  | { type: 'stage'; stage: Stage };
