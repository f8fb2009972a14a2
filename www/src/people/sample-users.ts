// Users of the sample case, one click each, where the server was started to show itself.
import { localized, msg } from '@lit/localize';
import { type Code, EvolumeError, type SampleUser } from 'evolume';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { locale } from '../locale.ts';
import { controls } from '../parts/controls.ts';
import { ObserveController } from '../parts/observe.ts';
import { formProblem } from '../problems.ts';
import { who } from './who.ts';
import { roleName } from './words.ts';

@localized()
@customElement('ev-sample-users')
export class SampleUsers extends LitElement {
  @state() private problem: Code | null = null;
  protected readonly observing = new ObserveController(this, () => who);

  static override styles = [
    controls,
    css`
      h2 {
        margin: 0 0 8px;
        color: var(--quiet);
        font-size: 13px;
        font-weight: 400;
      }

      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin: 0;
        padding: 0;
        list-style: none;
      }

      button.plain {
        height: auto;
        min-height: var(--control);
        padding: 4px 10px;
        font-size: 13px;
      }

      small {
        color: var(--quiet);
        font-size: 12px;
      }

      p {
        margin: 8px 0 0;
        color: var(--warning);
        font-size: 13px;
      }
    `,
  ];

  override render() {
    const samples = who.session?.sample ?? [];
    if (samples.length === 0) return nothing;
    return html`<h2 id="samples">${msg('示例用户，点击即登录')}</h2>
      <ul aria-labelledby="samples">
        ${samples.map(
          (user) =>
            html`<li>
              <button class="plain" @click=${() => void this.#enter(user)}>
                ${user.name}${locale() === 'en' ? html` <small>${roleName(user.role)}</small>` : nothing}
              </button>
            </li>`,
        )}
      </ul>
      ${this.problem ? html`<p role="alert">${formProblem(this.problem)}</p>` : nothing}`;
  }

  async #enter({ login }: SampleUser): Promise<void> {
    this.problem = null;
    try {
      await who.begin({ sample: login });
    } catch (cause) {
      this.problem = EvolumeError.from(cause, 'server.internal').code;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ev-sample-users': SampleUsers;
  }
}
