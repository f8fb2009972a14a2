// Who one is to the server, and which layers one may open.
import type { Act, LayerSummary, Session, SessionRequest } from '../generated/index.ts';
import { requestJson } from '../request.ts';

export function requestSession(server = '/api/v1'): Promise<Session> {
  return requestJson(`${server}/session`);
}

/** Signs one in, or gives one a provisional name, which only servers on loopback do. */
export function beginSession(request: SessionRequest, server = '/api/v1'): Promise<Session> {
  return requestJson(`${server}/session`, undefined, { method: 'POST', body: request });
}

/** Signs one out here. */
export async function endSession(server = '/api/v1'): Promise<void> {
  await requestJson(`${server}/session`, undefined, { method: 'DELETE' });
}

/** The layers of a volume that one may open. */
export function requestLayers(volume: string): Promise<LayerSummary[]> {
  return requestJson(`${volume}/layers`);
}

/** What one may do to a volume. */
export function requestActs(volume: string): Promise<Act[]> {
  return requestJson(`${volume}/acts`);
}
