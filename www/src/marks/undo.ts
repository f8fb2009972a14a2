// One order of undo over several layers, each of which takes back its own last step.

export interface Undoable {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  command(command: { type: 'undo' | 'redo' }): void;
}

export class UndoOrder<Layer extends Undoable> {
  /** In which layer each step was, the last one at the end. */
  #done: Layer[] = [];
  #undone: Layer[] = [];

  get canUndo(): boolean {
    return this.#done.some((layer) => layer.canUndo);
  }

  get canRedo(): boolean {
    return this.#undone.some((layer) => layer.canRedo);
  }

  /** A new step: what was taken back before it cannot be done again. */
  did(layer: Layer): void {
    this.#done.push(layer);
    this.#undone = [];
  }

  undo(): void {
    for (let layer = this.#done.pop(); layer; layer = this.#done.pop()) {
      if (!layer.canUndo) continue;
      layer.command({ type: 'undo' });
      this.#undone.push(layer);
      return;
    }
  }

  redo(): void {
    for (let layer = this.#undone.pop(); layer; layer = this.#undone.pop()) {
      if (!layer.canRedo) continue;
      layer.command({ type: 'redo' });
      this.#done.push(layer);
      return;
    }
  }

  clear(): void {
    this.#done = [];
    this.#undone = [];
  }
}
