// Where the marks of several layers are safe: the least safe one counts.
import type { LayerState } from 'evolume';

export type Saving =
  | 'server'
  | 'sending'
  | 'writing'
  | 'connecting'
  | 'offline'
  | 'offline-server'
  | 'memory'
  | 'refused'
  | 'ended';

/** From the worst to the best. */
const ORDER: readonly Saving[] = [
  'refused',
  'memory',
  'ended',
  'writing',
  'offline',
  'connecting',
  'sending',
  'offline-server',
  'server',
];

export function savingOf(state: LayerState): Saving {
  const { link, here, server, code } = state;
  if (link === 'refused') return 'refused';
  if (!here && !server) return code === 'storage.unavailable' ? 'memory' : 'writing';
  if (link === 'ended') return 'ended';
  if (link === 'online') return server ? 'server' : 'sending';
  if (link === 'connecting') return server ? 'sending' : 'connecting';
  return server ? 'offline-server' : 'offline';
}

/** Nothing when no layer is open. */
export function worst(states: readonly LayerState[]): Saving | null {
  const all = states.map(savingOf);
  return ORDER.find((saving) => all.includes(saving)) ?? null;
}
