// Once per run: the sample case in a temporary folder, and a server for all tests that break nothing.
import { ingestSample, removeFolder, Server, temporaryFolder } from './server.ts';

export default async function setup(): Promise<() => Promise<void>> {
  const data = temporaryFolder();
  ingestSample(data);
  const server = await Server.start(data);
  process.env.EVOLUME_E2E_URL = server.url;
  process.env.EVOLUME_E2E_DATA = data;
  return async () => {
    await server.stop();
    removeFolder(data);
  };
}
