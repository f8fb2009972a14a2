// Who one is to the server, and which layers one may open.
import { EvolumeError } from '../error.ts';
import type { LayerSummary, Session, SessionRequest } from '../generated/index.ts';
import { requestText } from '../request.ts';

export async function requestSession(server = '/api/v1'): Promise<Session> {
  return parse(await requestText(`${server}/session`)) as Session;
}

/** Begins a session, in place of the one that there is. */
export async function beginSession(request: SessionRequest, server = '/api/v1'): Promise<Session> {
  const body = JSON.stringify(request);
  const text = await requestText(`${server}/session`, undefined, { method: 'POST', body });
  return parse(text) as Session;
}

/** Takes a provisional name; only servers on loopback give one. */
export async function takeName(name: string, server = '/api/v1'): Promise<Session> {
  return beginSession({ name }, server);
}

/** Ends the session. */
export async function dropName(server = '/api/v1'): Promise<void> {
  await requestText(`${server}/session`, undefined, { method: 'DELETE' });
}

/** The layers of a volume that one may open. */
export async function requestLayers(volume: string): Promise<LayerSummary[]> {
  return parse(await requestText(`${volume}/layers`)) as LayerSummary[];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EvolumeError('server.internal', { cause });
  }
}
