// The entry: the page first, then the interface around it.
import { preload } from 'evolume';
import { openAhead } from './opening/head-start.ts';
import { parseRoute } from './route.ts';
import { applyTheme } from './settings.ts';
import './style.css';

async function begin(): Promise<void> {
  applyTheme();
  const route = parseRoute(location.hash);
  if (route.view === 'volume') await openAhead(route.id, route.place);
  else preload();
  const { start } = await import('./app.ts');
  await start();
}

void begin();
