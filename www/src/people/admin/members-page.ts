// Who is what to a case, for presiding judges, clerks and whoever else may say so.
import { localized, msg, str } from '@lit/localize';
import { type CaseSummary, type Code, EvolumeError, type MemberSummary } from 'evolume';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { loadCases } from '../../cases/load.ts';
import { plusIcon } from '../../icons.ts';
import { controls } from '../../parts/controls.ts';
import '../../parts/failure.ts';
import { formProblem } from '../../problems.ts';
import { formStyle } from '../form.style.ts';
import '../page.ts';
import { sectionStyle } from '../section.style.ts';
import { who } from '../who.ts';
import { day, roleName } from '../words.ts';
import './member-form.ts';
import { lastDay, loadMembers, removeMember } from './members.ts';

@localized()
@customElement('ev-members-page')
export class MembersPage extends LitElement {
  /** Id of the case. */
  @property({ attribute: false }) of = '';
  @state() private summary: CaseSummary | null = null;
  @state() private members: readonly MemberSummary[] | null = null;
  @state() private failure: Code | null = null;
  @state() private problem: Code | null = null;
  @state() private adding = false;
  /** Whose removal has been asked for, and is to be confirmed. */
  @state() private leaving: MemberSummary | null = null;

  static override styles = [controls, formStyle, sectionStyle];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('of')) void this.#load();
  }

  override render() {
    return html`<ev-page heading=${msg('案件成员')}>
      ${
        this.failure
          ? html`<ev-failure back code=${this.failure} @retry=${this.#load}></ev-failure>`
          : this.#list()
      }
    </ev-page>`;
  }

  #list(): TemplateResult {
    const { members } = this;
    return html`<section aria-labelledby="members" aria-busy=${members === null}>
      <header>
        <h2 id="members">
          ${this.summary?.number ?? msg('成员')}
          ${this.summary ? html`<small>${this.summary.title}</small>` : nothing}
        </h2>
        <button
          class="plain"
          aria-expanded=${this.adding}
          @click=${() => (this.adding = !this.adding)}
        >
          ${plusIcon} ${msg('新成员')}
        </button>
      </header>
      ${
        this.adding
          ? html`<ev-member-form
              class="body"
              .of=${this.of}
              @added=${(event: CustomEvent<MemberSummary[]>) => {
                this.adding = false;
                this.members = event.detail;
              }}
              @cancel=${() => (this.adding = false)}
            ></ev-member-form>`
          : nothing
      }
      ${this.problem ? html`<p class="problem" role="alert">${formProblem(this.problem)}<code>${this.problem}</code></p>` : nothing}
      ${members ? this.#rows(members) : html`<p class="none" role="status">${msg('正在载入')}</p>`}
    </section>`;
  }

  #rows(members: readonly MemberSummary[]): TemplateResult {
    if (members.length === 0) return html`<p class="none">${msg('此案还没有成员')}</p>`;
    return html`<ul>
      ${repeat(
        members,
        ({ user, role }) => `${user} ${role}`,
        (member) => this.#member(member),
      )}
    </ul>`;
  }

  #member(member: MemberSummary): TemplateResult {
    const { name, login, role, party, since, until } = member;
    const self = member.user === who.session?.principal.id;
    const time = timeOf(since, until);
    return html`<li>
      <span class="person" title="${name} · ${login}">
        <b>${name}</b><small>${login}${self ? msg('（您）') : ''}</small>
      </span>
      <span class="person">
        <b>${roleName(role)}</b>
        <small>${[party, time].filter(Boolean).join(' · ')}</small>
      </span>
      ${
        this.leaving === member
          ? html`<button class="plain" @click=${() => (this.leaving = null)}>${msg('取消')}</button>
              <button class="primary" @click=${() => void this.#remove(member)}>
                ${msg('确认移除')}
              </button>`
          : html`<button
              class="plain"
              aria-label=${msg(str`移除${name}（${roleName(role)}）`)}
              @click=${() => (this.leaving = member)}
            >
              ${msg('移除')}
            </button>`
      }
    </li>`;
  }

  async #load(): Promise<void> {
    this.failure = null;
    try {
      const [members, cases] = await Promise.all([loadMembers(this.of), loadCases()]);
      this.members = members;
      this.summary = cases.find(({ id }) => id === this.of) ?? null;
    } catch (cause) {
      const { code } = EvolumeError.from(cause, 'server.internal');
      // Nothing is there for others; a stranger may be somebody who has not signed in.
      if (code !== 'not_found' || !(await who.askStranger())) this.failure = code;
    }
  }

  async #remove(member: MemberSummary): Promise<void> {
    this.problem = null;
    this.leaving = null;
    try {
      await removeMember(this.of, member);
      this.members = (this.members ?? []).filter((one) => one !== member);
    } catch (cause) {
      this.problem = EvolumeError.from(cause, 'server.internal').code;
    }
  }
}

/** From when until when; what has always been needs no date. */
function timeOf(since: number, until: number | undefined): string {
  const last = until === undefined ? '' : day(lastDay(until));
  if (since === 0) return last && msg(str`至${last}`);
  return last ? msg(str`${day(since)}至${last}`) : msg(str`${day(since)}起`);
}

declare global {
  interface HTMLElementTagNameMap {
    'ev-members-page': MembersPage;
  }
}
