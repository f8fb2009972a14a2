// Who one is to the server, known to every view: asked once, changed by signing in and out, here and in other tabs.
import {
  beginSession,
  endSession,
  EvolumeError,
  hasUnsent,
  type PasswordChange,
  requestJson,
  requestSession,
  type Session,
  type SessionRequest,
} from 'evolume';
import { recall, remember } from '../storage.ts';

/** Under which this browser remembers the session; other tabs hear of it by that. */
const KEY = 'session';

/** Tells by `change` that somebody else is here, or nobody any more. */
export class Who extends EventTarget {
  /** Null until the server has been asked. */
  session: Session | null = null;
  /** Who it was whose session has ended, while nobody has signed in since. */
  lost: Session | null = null;
  /** Somebody has to sign in, or wants to, before there is more to see. */
  asked = false;
  /** Whose marks wait in this browser for them to sign in: they are not yet on the server. */
  kept: string | null = null;
  #asking: Promise<Session> | null = null;
  /** It is meant that the session ends. */
  #leaving = false;

  /** Hears of what happens elsewhere from now on: in other tabs, or while this window was not looked at. */
  listen(): void {
    addEventListener('storage', (event) => {
      if (event.key === `evolume.${KEY}`) void this.#again();
    });
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.known) void this.#again();
    });
  }

  /** Somebody who has a name here, be it a provisional one. */
  get known(): boolean {
    return Boolean(this.session?.principal.id);
  }

  get administrator(): boolean {
    return this.session?.principal.roles.includes('administrator') ?? false;
  }

  /** Who one is; who one was, when the server cannot be reached. Fails with an `EvolumeError`. */
  async current(): Promise<Session> {
    return this.session ?? (await this.refresh());
  }

  /** Asks the server anew. Fails with an `EvolumeError`. */
  async refresh(): Promise<Session> {
    this.#asking ??= requestSession().finally(() => (this.#asking = null));
    try {
      const session = await this.#asking;
      this.#take(session);
      return session;
    } catch (cause) {
      const error = EvolumeError.from(cause, 'server.internal');
      const remembered = error.code === 'server.gone' ? rememberedSession() : null;
      if (!remembered) throw error;
      this.#take(remembered);
      return remembered;
    }
  }

  /** Something of this person's was closed because the session is over; the server says whether it is. */
  async over(): Promise<void> {
    if (this.known) await this.#again();
  }

  /** Signs somebody in, or gives them a provisional name. Fails with an `EvolumeError`. */
  async begin(request: SessionRequest): Promise<void> {
    this.#take(await beginSession(request));
  }

  /** Another password, by which the other devices are signed out. Fails with an `EvolumeError`. */
  async changePassword(old: string, to: string): Promise<void> {
    const body: PasswordChange = { old, new: to };
    const send = { method: 'POST', body } as const;
    this.#take(await requestJson<Session>('/api/v1/session/password', undefined, send));
  }

  /** Signs one out here, or everywhere. What is not yet sent stays in this browser. Fails with an `EvolumeError`. */
  async end(everywhere = false): Promise<void> {
    const before = this.session;
    // Sockets may say that it is over before the answer does.
    this.#leaving = true;
    try {
      if (everywhere) await requestJson('/api/v1/session/devices', undefined, { method: 'DELETE' });
      else await endSession();
      await this.refresh();
    } finally {
      this.#leaving = false;
    }
    if (before) await this.#look(before);
  }

  /** Shows the page on which one signs in, or leaves it. */
  ask(asked = true): void {
    if (asked === this.asked) return;
    this.asked = asked;
    this.#changed();
  }

  /** Where one signs in, there is nobody to sign in without an account. */
  async askStranger(): Promise<boolean> {
    const session = await this.current();
    const stranger = session.principal.id === '' && !session.provisional;
    if (stranger) this.ask();
    return stranger;
  }

  async #again(): Promise<void> {
    try {
      await this.refresh();
    } catch (cause) {
      // Who it was stays who it is, until the server says otherwise.
      console.error(cause);
    }
  }

  #take(session: Session): void {
    const before = this.session;
    const known = session.principal.id !== '';
    if (known) {
      this.lost = null;
      this.asked = false;
      this.kept = null;
    } else if (before?.account && !this.#leaving) {
      this.lost = before;
      void this.#look(before);
    }
    this.session = session;
    const text = known ? JSON.stringify(session) : '';
    if ((recall(KEY) ?? '') !== text) remember(KEY, text);
    if (JSON.stringify(before) !== JSON.stringify(session)) this.#changed();
  }

  /** Whether marks of somebody who has gone wait here. */
  async #look({ principal: { id, name } }: Session): Promise<void> {
    const kept = await hasUnsent(id).catch(() => false);
    if (this.known || !kept) return;
    this.kept = name;
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

function rememberedSession(): Session | null {
  try {
    return JSON.parse(recall(KEY) || 'null') as Session | null;
  } catch {
    // Half written, or not ours.
    return null;
  }
}

/** The one of this window. */
export const who = new Who();
