// Undo goes through the layers in the order of the steps, whichever layer they were in.
import { expect, test } from 'vitest';
import { UndoOrder, type Undoable } from './undo.ts';

class Layer implements Undoable {
  readonly log: string[];
  readonly name: string;
  steps = 0;
  undone = 0;

  constructor(name: string, log: string[]) {
    this.name = name;
    this.log = log;
  }

  get canUndo(): boolean {
    return this.steps > 0;
  }

  get canRedo(): boolean {
    return this.undone > 0;
  }

  command({ type }: { type: 'undo' | 'redo' }): void {
    const by = type === 'undo' ? 1 : -1;
    this.steps -= by;
    this.undone += by;
    this.log.push(`${type} ${this.name}`);
  }
}

function two() {
  const log: string[] = [];
  const [a, b] = [new Layer('a', log), new Layer('b', log)];
  const order = new UndoOrder<Layer>();
  const step = (layer: Layer): void => {
    layer.steps += 1;
    layer.undone = 0;
    order.did(layer);
  };
  return { log, a, b, order, step };
}

test('steps are taken back and done again in their order', () => {
  const { log, a, b, order, step } = two();
  [a, b, b, a].forEach(step);
  for (let n = 0; n < 4; n++) order.undo();
  expect(log).toEqual(['undo a', 'undo b', 'undo b', 'undo a']);
  expect([order.canUndo, order.canRedo]).toEqual([false, true]);
  log.length = 0;
  for (let n = 0; n < 4; n++) order.redo();
  expect(log).toEqual(['redo a', 'redo b', 'redo b', 'redo a']);
  expect([order.canUndo, order.canRedo]).toEqual([true, false]);
});

test('a new step ends what could be done again', () => {
  const { log, a, b, order, step } = two();
  [a, b].forEach(step);
  order.undo();
  step(a);
  order.redo();
  expect(log).toEqual(['undo b']);
  expect(order.canRedo).toBe(false);
});

test('a layer that has lost its steps is passed over', () => {
  const { log, a, b, order, step } = two();
  [a, b].forEach(step);
  b.steps = 0;
  order.undo();
  expect(log).toEqual(['undo a']);
  order.undo();
  expect(log).toEqual(['undo a']);
});

test('nothing is left when the layers are closed', () => {
  const { log, a, order, step } = two();
  step(a);
  order.clear();
  order.undo();
  expect([order.canUndo, log.length]).toEqual([false, 0]);
});
