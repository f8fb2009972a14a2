// One selection and one search in all windows of a reader, and places sent from one to the other.
import type { EvolumeViewer, MarkPaint, Selection } from 'evolume';
import { isTyping } from '../parts/typing.ts';
import type { SearchSession } from '../search/search-session.ts';
import { WindowChannel } from './channel.ts';
import type { Passage, WindowMessage } from './message.ts';

/** As the viewer paints its own selection. */
const INK: MarkPaint['colour'] = [181, 213, 255];

/** Milliseconds for which a selection has stayed as it is when the others are told. */
const CALM = 60;

/** What a window shares, and what it does when another one says something. */
export type Owner = {
  volume: string;
  viewer: EvolumeViewer;
  session: SearchSession;
  /** Paints text that is selected in another window. */
  paint: (paints: MarkPaint[]) => void;
  /** Shows a place that another window sends. */
  go: (hash: string) => void;
};

/** Tells by `change` that other windows have come or gone. */
export class Sharing extends EventTarget {
  readonly #owner: Owner;
  readonly #channel: WindowChannel;
  readonly #ending = new AbortController();
  /** What is selected elsewhere, to be copied here. */
  #quote = '';
  /** What is to be told of the selection, in a moment, and what was told last. */
  #telling: ReturnType<typeof setTimeout> | undefined;
  #told = '';
  /** The place that is to be shown in the other windows in a moment. */
  #steering: ReturnType<typeof setTimeout> | undefined;
  /** The last query that all windows know. */
  #query: string;

  constructor(owner: Owner) {
    super();
    this.#owner = owner;
    this.#query = owner.session.query;
    this.#channel = new WindowChannel(owner.volume);
    const { signal } = this.#ending;
    this.#channel.addEventListener('change', () => this.dispatchEvent(new Event('change')));
    this.#channel.addEventListener('message', (event) =>
      this.#hear((event as CustomEvent<WindowMessage>).detail),
    );
    this.#channel.addEventListener('newcomer', () => this.#greet());
    owner.viewer.on('selection', (selection) => this.#selected(selection), { signal });
    owner.session.addEventListener('change', () => this.#searched(), { signal });
    addEventListener('copy', (event) => this.#copy(event), { signal });
  }

  /** Other windows. */
  get others(): number {
    return this.#channel.peers.size;
  }

  /** Shows this window's place in the others. */
  send(hash: string): void {
    this.#channel.say({ type: 'go', hash });
  }

  /** Shows a place in the others once it stays: the way to a hit has several steps. */
  steer(hash: string): void {
    clearTimeout(this.#steering);
    this.#steering = setTimeout(() => this.send(hash), CALM);
  }

  close(): void {
    clearTimeout(this.#telling);
    clearTimeout(this.#steering);
    this.#ending.abort();
    this.#channel.close();
  }

  #hear(message: WindowMessage): void {
    const { volume, viewer, session } = this.#owner;
    if (message.type === 'go') this.#owner.go(message.hash);
    if (message.type === 'find' && message.query !== this.#query) {
      this.#query = message.query;
      void session.search(message.query);
    }
    if (message.type === 'selection') {
      // There is one selection: what was selected here gives way.
      this.#quote = message.quote;
      if (message.quote !== '' && viewer.selection) viewer.deselect();
      this.#show(message.volume === volume ? message.passages : []);
    }
  }

  #selected(selection: Selection | null): void {
    // While a drag goes on, and as the pages move under what is selected, not every step need be known.
    clearTimeout(this.#telling);
    if (selection) this.#show([]);
    if (selection) this.#quote = '';
    else if (this.#quote !== '') return;
    const { start, end, whole } = selection ?? {};
    const told = selection ? JSON.stringify([start, end, whole]) : '';
    if (selection && (!whole || told === this.#told)) return;
    this.#telling = setTimeout(() => this.#tell(told), selection ? CALM : 0);
  }

  #tell(told: string): void {
    const { viewer, volume } = this.#owner;
    this.#told = told;
    const quote = (told !== '' && viewer.selectedText()) || '';
    const passages = quote === '' ? [] : viewer.passages();
    this.#channel.say({
      type: 'selection',
      volume,
      quote,
      passages: passages.map(({ page, rects }) => ({ page, rects })),
    });
  }

  /** A window that has just come is told what is looked for and selected. */
  #greet(): void {
    if (this.#query !== '') this.#channel.say({ type: 'find', query: this.#query });
    this.#told = '';
    if (this.#owner.viewer.selection) this.#selected(this.#owner.viewer.selection);
  }

  #searched(): void {
    const { query } = this.#owner.session;
    if (query === this.#query) return;
    this.#query = query;
    this.#channel.say({ type: 'find', query });
  }

  #show(passages: Passage[]): void {
    this.#owner.paint(
      passages.map(({ page, rects }, at) => {
        const look = { colour: INK, active: false, passive: true };
        return { id: `elsewhere ${at}`, page, rects, ...look };
      }),
    );
  }

  /** What is selected in the other window is copied here too, when nothing is selected here. */
  #copy(event: ClipboardEvent): void {
    if (event.defaultPrevented || isTyping(event) || this.#quote === '') return;
    event.clipboardData?.setData('text/plain', this.#quote);
    event.preventDefault();
  }
}
