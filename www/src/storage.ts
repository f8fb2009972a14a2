// What this browser remembers for its readers.

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`evolume.${key}`);
  } catch {
    // Storage can be forbidden; then nothing is remembered and nothing else breaks.
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`evolume.${key}`, value);
  } catch {
    // As above.
  }
}

/** Who reads here, as far as this browser knows: the principal's id, or nothing. */
export function readerId(): string {
  try {
    const session = JSON.parse(recall('session') || 'null') as {
      principal?: { id?: unknown };
    } | null;
    const id = session?.principal?.id;
    return typeof id === 'string' ? id : '';
  } catch {
    // Half written, or not ours: as if nobody had given a name.
    return '';
  }
}
