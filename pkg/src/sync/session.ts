// Who one is to the server, and which layers one may open.
import { EvolumeError } from '../error.ts';
import type { LayerSummary, Session, SessionRequest } from '../generated/index.ts';
import { requestText } from '../request.ts';

export async function requestSession(server = '/api/v1'): Promise<Session> {
  return parse<Session>(await requestText(`${server}/session`));
}

/** Takes a provisional name; only servers on loopback give one. */
export async function takeName(name: string, server = '/api/v1'): Promise<Session> {
  const body: SessionRequest = { name };
  return parse<Session>(
    await requestText(`${server}/session`, undefined, {
      method: 'POST',
      body: JSON.stringify(body),
    }),
  );
}

/** Gives the name back. */
export async function dropName(server = '/api/v1'): Promise<void> {
  await requestText(`${server}/session`, undefined, { method: 'DELETE' });
}

/** The layers of a volume that one may open. */
export async function requestLayers(volume: string): Promise<LayerSummary[]> {
  return parse<LayerSummary[]>(await requestText(`${volume}/layers`));
}

function parse<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new EvolumeError('server.internal', { cause });
  }
}
