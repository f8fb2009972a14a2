// Language, theme and full screen, where the reader can reach them from every view.
import { localized, msg } from '@lit/localize';
import { css, html, LitElement } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { fullScreenIcon, keyboardIcon, leaveFullScreenIcon, moonIcon, sunIcon } from '../icons.ts';
import { chooseLocale, locale } from '../locale.ts';
import { chooseTheme, isDark, themeChanges } from '../settings.ts';
import { controls } from './controls.ts';
import { toggleFullScreen } from './full-screen.ts';
import { openShortcutSheet } from './shortcut-help.ts';

@localized()
@customElement('ev-settings-bar')
export class SettingsBar extends LitElement {
  @state() private dark = isDark();
  @state() private fullScreen = document.fullscreenElement !== null;

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: inherit;
        gap: 2px;
      }

      .language {
        font-size: 13px;
        font-weight: 600;
      }

      /* Where there are fingers there is seldom a keyboard. */
      @media (pointer: coarse) {
        .keys {
          display: none;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    themeChanges.addEventListener('change', this.#refresh);
    document.addEventListener('fullscreenchange', this.#refresh);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    themeChanges.removeEventListener('change', this.#refresh);
    document.removeEventListener('fullscreenchange', this.#refresh);
  }

  override render() {
    const chinese = locale() === 'zh-CN';
    const language = chinese ? 'English' : '切换到中文';
    const theme = this.dark ? msg('浅色界面') : msg('深色界面');
    const screen = this.fullScreen ? msg('退出全屏') : msg('全屏');
    return html`
      <button
        class="icon language"
        lang=${chinese ? 'en' : 'zh-CN'}
        title=${language}
        aria-label=${language}
        @click=${() => void chooseLocale(chinese ? 'en' : 'zh-CN')}
      >
        ${chinese ? 'EN' : '中'}
      </button>
      <button
        class="icon keys"
        title="${msg('键盘快捷键')} (?)"
        aria-label=${msg('键盘快捷键')}
        @click=${() => void openShortcutSheet()}
      >
        ${keyboardIcon}
      </button>
      <button
        class="icon"
        title=${theme}
        aria-label=${theme}
        @click=${() => chooseTheme(this.dark ? 'light' : 'dark')}
      >
        ${this.dark ? sunIcon : moonIcon}
      </button>
      <button
        class="icon"
        title=${screen}
        aria-label=${screen}
        ?hidden=${!document.fullscreenEnabled}
        @click=${toggleFullScreen}
      >
        ${this.fullScreen ? leaveFullScreenIcon : fullScreenIcon}
      </button>
    `;
  }

  readonly #refresh = (): void => {
    this.dark = isDark();
    this.fullScreen = document.fullscreenElement !== null;
  };
}
