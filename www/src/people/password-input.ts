// A field for a password that can be looked at while it is typed. It is drawn inside its form, where password managers
// look for it.
import { msg } from '@lit/localize';
import { css, html, nothing, type ReactiveController, type TemplateResult } from 'lit';
import type { LitElement } from 'lit';
import { eyeIcon, eyeOffIcon } from '../icons.ts';

type Options = {
  label: string;
  hint?: string;
  /** It is what the server did not like. */
  wrong?: boolean;
};

export const passwordStyle = css`
  .secret {
    position: relative;
  }

  .field .secret input {
    padding-right: 44px;
  }

  .secret button {
    position: absolute;
    inset: 0 0 0 auto;
    width: 40px;
    height: 100%;
  }
`;

export class PasswordInput implements ReactiveController {
  readonly #host: LitElement;
  readonly #purpose: 'current-password' | 'new-password';
  #shown = false;
  /** Caps Lock is on. */
  #capitals = false;

  constructor(host: LitElement, purpose: 'current-password' | 'new-password') {
    this.#host = host;
    this.#purpose = purpose;
    host.addController(this);
  }

  get value(): string {
    return this.#input?.value ?? '';
  }

  /** A password is not kept longer than it is needed. */
  clear(): void {
    if (this.#input) this.#input.value = '';
    this.#shown = false;
    this.#host.requestUpdate();
  }

  focus(): void {
    this.#input?.focus();
    this.#input?.select();
  }

  hostDisconnected(): void {
    this.clear();
  }

  render({ label, hint = '', wrong = false }: Options): TemplateResult {
    const id = this.#purpose;
    const toggle = this.#shown ? msg('隐藏密码') : msg('显示密码');
    const hints = [hint, this.#capitals ? msg('大写锁定已打开') : ''].filter(Boolean);
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <div class="secret">
        <input
          id=${id}
          name=${id}
          type=${this.#shown ? 'text' : 'password'}
          autocomplete=${this.#purpose}
          autocapitalize="none"
          spellcheck="false"
          required
          aria-invalid=${wrong}
          aria-describedby=${hints.length > 0 ? `${id}-hint` : nothing}
          @keydown=${this.#key}
          @keyup=${this.#key}
        />
        <button
          type="button"
          class="icon"
          title=${toggle}
          aria-label=${toggle}
          aria-pressed=${this.#shown}
          @click=${this.#toggle}
        >
          ${this.#shown ? eyeOffIcon : eyeIcon}
        </button>
      </div>
      <p id="${id}-hint" class="hint" ?hidden=${hints.length === 0}>${hints.join(' · ')}</p>
    </div>`;
  }

  get #input(): HTMLInputElement | null {
    return this.#host.renderRoot.querySelector<HTMLInputElement>(`#${this.#purpose}`);
  }

  readonly #toggle = (): void => {
    this.#shown = !this.#shown;
    this.#host.requestUpdate();
  };

  readonly #key = (event: KeyboardEvent): void => {
    const capitals = event.getModifierState('CapsLock');
    if (capitals === this.#capitals) return;
    this.#capitals = capitals;
    this.#host.requestUpdate();
  };
}
