// The entry: starts the downloads a volume needs before the interface itself has been loaded.
import { preload } from 'evolume';
import { parseRoute, volumeUrl } from './route.ts';
import './style.css';

const route = parseRoute(location.hash);
preload(route.view === 'volume' ? volumeUrl(route.id) : undefined);

const { start } = await import('./app.ts');
await start();
