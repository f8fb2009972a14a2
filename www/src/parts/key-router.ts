// One listener for all keys of the interface. What has the focus hears a key first, the pages among it; what it leaves
// comes here.
import type { Shortcut } from '../shortcuts.ts';
import { isTyping } from './typing.ts';

export type KeyBinding = {
  readonly shortcut: Pick<Shortcut, 'fits'>;
  /** Meant even where somebody types. */
  readonly whileTyping?: true;
  /** Only for keys that are pressed in this element; else it does not matter where. */
  readonly within?: () => Element | null;
  /** Carries it out; false when it is not to be done now, and the key may be another's. */
  readonly act: () => unknown;
};

export class KeyRouter {
  readonly #tables: (readonly KeyBinding[])[] = [];

  /** Adds keys; those that came first count first. The answer takes them away again. */
  add(table: readonly KeyBinding[]): () => void {
    this.#tables.push(table);
    return () => {
      const at = this.#tables.indexOf(table);
      if (at >= 0) this.#tables.splice(at, 1);
    };
  }

  readonly handle = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const typing = isTyping(event);
    const path = event.composedPath();
    for (const { shortcut, whileTyping, within, act } of this.#tables.flat()) {
      if (!shortcut.fits(event) || (typing && !whileTyping)) continue;
      if (within && !path.includes(within() as EventTarget)) continue;
      if (act() === false) continue;
      event.preventDefault();
      return;
    }
  };
}
