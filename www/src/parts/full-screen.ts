// Full screen, from wherever it is asked for.

/** Fills the screen, or gives it back; the browser may refuse, and then nothing happens. */
export function toggleFullScreen(): void {
  const change = document.fullscreenElement
    ? document.exitFullscreen()
    : document.documentElement.requestFullscreen();
  change.catch(() => undefined);
}
