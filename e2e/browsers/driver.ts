// What the journey needs of a browser, whatever protocol drives it.

export type Point = { x: number; y: number };

export interface Driver {
  /** Loads an address in the one window there is. */
  go(url: string): Promise<void>;
  /** The value of an expression in the page, as JSON carries it. */
  evaluate<T>(expression: string): Promise<T>;
  /** Clicks as often as said, at a place in the window. */
  click(at: Point, times?: number): Promise<void>;
  /** Presses keys together: `Control+f`, `Enter`. */
  press(keys: string): Promise<void>;
  type(text: string): Promise<void>;
  close(): Promise<void>;
}

/** A browser as the tests know it: how it is called, what it needs, how it starts. */
export type Browser = {
  name: string;
  program: string;
  packages: string;
  /** Whether what is copied in it can be pasted again under its driver. */
  clipboard: boolean;
  launch: () => Promise<Driver>;
};
