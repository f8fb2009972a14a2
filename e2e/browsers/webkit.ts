// Debian's WebKit (WebKitGTK's small browser on a screen of its own), by WebDriver over HTTP.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { expect } from '@playwright/test';
import type { Browser, Driver, Point } from './driver.ts';

const PROGRAM = '/usr/bin/WebKitWebDriver';
const BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

export const webkit: Browser = {
  name: 'WebKit',
  program: PROGRAM,
  packages: 'webkit2gtk-driver and xvfb',
  // What the driver pastes is empty, whatever was copied.
  clipboard: false,
  launch,
};

/** Keys that are no characters, as WebDriver writes them. */
const KEYS: Record<string, string> = {
  Control: '\uE009',
  Shift: '\uE008',
  Enter: '\uE007',
  Escape: '\uE00C',
};

/** Starts a screen; the number it has been given. */
async function screen(): Promise<{ xvfb: ChildProcess; display: string }> {
  const xvfb = spawn(
    'Xvfb',
    ['-displayfd', '1', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  // Written when it can be drawn on.
  const [number] = (await once(createInterface(xvfb.stdout), 'line')) as [string];
  return { xvfb, display: `:${number}` };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

async function launch(): Promise<Driver> {
  const { xvfb, display } = await screen();
  const port = await freePort();
  const driver = spawn(PROGRAM, [`--port=${port}`], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: display,
      LANG: 'C.UTF-8',
      LIBGL_ALWAYS_SOFTWARE: '1',
      // Its sandbox wants what a container has not; this browser sees nothing but our own server.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    },
  });
  const close = async (): Promise<void> => {
    await end(driver);
    await end(xvfb);
  };
  try {
    return await session(`http://127.0.0.1:${port}`, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function session(url: string, closeAll: () => Promise<void>): Promise<Driver> {
  const ready = () =>
    fetch(`${url}/status`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(ready).toBe(true);

  /** One command of the protocol; its value. */
  const send = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const { value } = (await response.json()) as { value: T };
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  };

  const { sessionId } = await send<{ sessionId: string }>('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        'webkitgtk:browserOptions': { binary: BROWSER, args: ['--automation'] },
      },
    },
  });
  const at = `/session/${sessionId}`;
  await send('POST', `${at}/window/rect`, { x: 0, y: 0, width: 1280, height: 960 });

  const act = (type: string, id: string, actions: object[]) =>
    send('POST', `${at}/actions`, { actions: [{ type, id, actions }] });
  const keys = (names: string[]) =>
    act('key', 'keyboard', [
      ...names.map((value) => ({ type: 'keyDown', value })),
      ...[...names].reverse().map((value) => ({ type: 'keyUp', value })),
    ]);

  return {
    async go(address: string) {
      await send('POST', `${at}/url`, { url: address });
    },
    evaluate: (expression: string) =>
      send('POST', `${at}/execute/sync`, { script: `return (${expression});`, args: [] }),
    async click({ x, y }: Point, times = 1) {
      const once = [
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ];
      await act('pointer', 'mouse', [
        { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 },
        ...Array.from({ length: times }, () => once).flat(),
      ]);
    },
    async press(names: string) {
      await keys(names.split('+').map((name) => KEYS[name] ?? name));
    },
    async type(text: string) {
      for (const char of text) await keys([char]);
    },
    async close() {
      await send('DELETE', at);
      await closeAll();
    },
  };
}
