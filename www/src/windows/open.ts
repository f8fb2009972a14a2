// A second window, on the other screen where the browser knows of one and the reader allows it.

/** As far as the Window Management API is needed; not every browser has it. */
type Screens = {
  currentScreen: object;
  screens: readonly (object & {
    availLeft: number;
    availTop: number;
    availWidth: number;
    availHeight: number;
  })[];
};

declare global {
  interface Window {
    getScreenDetails?: () => Promise<Screens>;
  }
}

/** Opens an address in a window of its own. It runs by itself: whatever happens to one, the other goes on. */
export async function openWindow(hash: string): Promise<void> {
  const place = await otherScreen();
  const url = new URL(hash, location.href.split('#', 1)[0]).href;
  // A window with an opener would share its thread.
  window.open(url, '_blank', `noopener,popup,${place}`);
}

/** The other screen as window features; else the right half of this one. */
async function otherScreen(): Promise<string> {
  let found: Screens['screens'][number] | undefined;
  try {
    const all = await window.getScreenDetails?.();
    found = all?.screens.find((screen) => screen !== all.currentScreen);
  } catch {
    // Not allowed: the window can still be moved by hand.
  }
  if (found) {
    const { availLeft, availTop, availWidth, availHeight } = found;
    return `left=${availLeft},top=${availTop},width=${availWidth},height=${availHeight}`;
  }
  const { availWidth, availHeight } = screen;
  const half = Math.floor(availWidth / 2);
  return `left=${half},top=0,width=${half},height=${availHeight}`;
}
