// The entry: starts the downloads a volume needs before the interface itself has been loaded.
import { preload } from 'evolume';
import { parseRoute, volumeUrl } from './route.ts';
import './style.css';

const route = parseRoute(location.hash);
if (route.view === 'volume') preload(volumeUrl(route.id), route.place?.page);
else preload();

const { start } = await import('./app.ts');
await start();
