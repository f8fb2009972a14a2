// The one error type: a stable code that an interface can translate.
import type { Code, Problem } from './generated/index.ts';

export class EvolumeError extends Error {
  override readonly name = 'EvolumeError';
  readonly code: Code;
  /** Seconds after which it is worth another try, where the server says so. */
  readonly wait: number | null;

  constructor(code: Code, options?: ErrorOptions & { wait?: number | null }) {
    super(code, options);
    this.code = code;
    this.wait = options?.wait ?? null;
  }

  /** Keeps a code that is already known; whatever else went wrong counts as `fallback`. */
  static from(cause: unknown, fallback: Code): EvolumeError {
    return cause instanceof EvolumeError ? cause : new EvolumeError(fallback, { cause });
  }
}

/** Recognises the server's problem documents (RFC 9457) among whatever a proxy may answer. */
export function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string'
  );
}
