// How the reader's own files come in: chosen from a dialog of the browser, or dropped on the window.

declare global {
  interface WindowEventMap {
    /** A file is to be opened. */
    'local-file': CustomEvent<File>;
  }
}

/** Lets the reader choose a file. */
export function pickFile(): void {
  const input = Object.assign(document.createElement('input'), {
    type: 'file',
    accept: 'application/pdf,.pdf',
  });
  input.addEventListener('change', () => take(input.files), { once: true });
  input.click();
}

/** Takes files that are dropped on the window; tells whether some hang over it. */
export function takeDrops(hover: (over: boolean) => void, signal: AbortSignal): void {
  const listen = (
    type: 'dragover' | 'dragleave' | 'drop',
    work: (event: DragEvent) => void,
  ): void => addEventListener(type, work, { signal });
  listen('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    hover(true);
  });
  // Within the window one element is left for another.
  listen('dragleave', (event) => {
    if (event.relatedTarget === null) hover(false);
  });
  listen('drop', (event) => {
    hover(false);
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
}

function take(files: FileList | null): void {
  const file = files?.[0];
  if (file) dispatchEvent(new CustomEvent('local-file', { detail: file }));
}
