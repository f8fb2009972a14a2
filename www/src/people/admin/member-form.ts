// Gives somebody a role in a case.
import { localized, msg } from '@lit/localize';
import { type Code, EvolumeError, type MemberSummary, type Role } from 'evolume';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { controls } from '../../parts/controls.ts';
import { formProblem } from '../../problems.ts';
import { formStyle } from '../form.style.ts';
import { MEMBER_ROLES, ofParty, roleName } from '../words.ts';
import { addMember, endOf } from './members.ts';

@localized()
@customElement('ev-member-form')
export class MemberForm extends LitElement {
  /** Id of the case. */
  @property({ attribute: false }) of = '';
  @state() private chosen: Role = 'panel_judge';
  @state() private busy = false;
  @state() private problem: Code | null = null;
  @query('#login') private loginInput!: HTMLInputElement;
  @query('#party') private partyInput!: HTMLInputElement | null;
  @query('#until') private untilInput!: HTMLInputElement;

  static override styles = [
    controls,
    formStyle,
    css`
      :host {
        display: block;
        border-bottom: 1px solid var(--line);
      }

      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(180px, 1fr));
        gap: 14px;
      }

      .actions {
        display: flex;
        gap: 10px;
      }
    `,
  ];

  protected override firstUpdated(): void {
    this.loginInput.focus();
  }

  override render() {
    const { problem } = this;
    return html`<form @submit=${this.#submit} novalidate>
      <div class="fields">
        <div class="field">
          <label for="login">${msg('登录名')}</label>
          <input
            id="login"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            maxlength="64"
            required
            aria-invalid=${problem === 'user.unknown' || problem === 'login.invalid'}
          />
        </div>
        <div class="field">
          <label for="role">${msg('身份')}</label>
          <select id="role" @change=${this.#choose}>
            ${MEMBER_ROLES.map(
              (role) =>
                html`<option value=${role} ?selected=${role === this.chosen}>
                  ${roleName(role)}
                </option>`,
            )}
          </select>
        </div>
        ${
          ofParty(this.chosen)
            ? html`<div class="field">
                <label for="party"
                  >${this.chosen === 'party' ? msg('当事人名称') : msg('代理的当事人')}</label
                >
                <input id="party" autocomplete="off" maxlength="100" />
              </div>`
            : nothing
        }
        <div class="field">
          <label for="until">${msg('至（含当日，可不填）')}</label>
          <input id="until" type="date" />
        </div>
      </div>
      ${problem ? html`<p class="problem" role="alert">${formProblem(problem)}<code>${problem}</code></p>` : nothing}
      <div class="actions">
        <button class="primary" ?disabled=${this.busy}>${msg('添加')}</button>
        <button type="button" class="plain" @click=${() => this.dispatchEvent(new Event('cancel'))}>
          ${msg('取消')}
        </button>
      </div>
    </form>`;
  }

  #choose(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.chosen = MEMBER_ROLES.find((role) => role === value) ?? this.chosen;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const login = this.loginInput.value.trim();
    if (!login) return this.loginInput.focus();
    this.busy = true;
    this.problem = null;
    try {
      const until = endOf(this.untilInput.value);
      const party = this.partyInput?.value.trim() ?? '';
      const request = { login, role: this.chosen, party, ...(until !== undefined && { until }) };
      const members = await addMember(this.of, request);
      this.dispatchEvent(new CustomEvent<MemberSummary[]>('added', { detail: members }));
    } catch (cause) {
      this.problem = EvolumeError.from(cause, 'server.internal').code;
      this.loginInput.focus();
    }
    this.busy = false;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ev-member-form': MemberForm;
  }
}
