// What one may do in a volume, also without the server: this computer remembers what it said to this person.
import {
  type Act,
  EvolumeError,
  type LayerSummary,
  requestActs,
  requestLayers,
  type Session,
} from 'evolume';
import { recall, remember } from '../storage.ts';

/** The layers of a volume that one may open; none while nobody is known. Fails with an `EvolumeError`. */
export function layersOf(session: Session, volume: string): Promise<readonly LayerSummary[]> {
  if (session.principal.id === '') return Promise.resolve([]);
  return remembered('layers', session, volume, requestLayers);
}

/** What one may do to a volume. Fails with an `EvolumeError`. */
export async function actsOf(session: Session, volume: string): Promise<ReadonlySet<Act>> {
  return new Set(await remembered('acts', session, volume, requestActs));
}

/** What the server says; without it, what it said to the same person. */
async function remembered<T>(
  what: string,
  session: Session,
  volume: string,
  ask: (volume: string) => Promise<T>,
): Promise<T> {
  const key = `${what}.${volume.slice(volume.lastIndexOf('/') + 1)}`;
  const person = session.principal.id;
  try {
    const said = await ask(volume);
    remember(key, JSON.stringify({ person, said }));
    return said;
  } catch (cause) {
    const error = EvolumeError.from(cause, 'server.internal');
    const kept = error.code === 'server.gone' ? recall(key) : null;
    const entry = kept === null ? null : (JSON.parse(kept) as { person?: string; said?: T });
    if (entry?.person !== person || entry.said === undefined) throw error;
    return entry.said;
  }
}
