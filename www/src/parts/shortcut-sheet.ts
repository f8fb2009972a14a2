// The sheet of keys, made of the lists by which the keys are recognised.
import { localized, msg } from '@lit/localize';
import { type BindingId, bindings } from 'evolume';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { closeIcon } from '../icons.ts';
import { type ShortcutId, shortcuts } from '../shortcuts.ts';
import { controls } from './controls.ts';

type Row = { text: string; ways: readonly (readonly string[])[] };

/** Keys that are not written as `KeyboardEvent.key` names them. */
const GLYPHS: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  '-': '−',
};

@localized()
@customElement('ev-shortcut-sheet')
export class ShortcutSheet extends LitElement {
  @query('dialog') private dialog!: HTMLDialogElement;

  static override styles = [
    controls,
    css`
      dialog {
        box-sizing: border-box;
        width: min(920px, calc(100vw - 24px));
        max-height: calc(100dvh - 24px);
        padding: 0;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        background: var(--raised);
        color: var(--text);
        overflow: auto;
      }

      dialog::backdrop {
        background: rgb(0 0 0 / 35%);
      }

      .head {
        position: sticky;
        top: 0;
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding: 8px 10px 8px 20px;
        border-bottom: 1px solid var(--line);
        background: var(--bar);
      }

      h2 {
        margin: 0;
        font-size: 15px;
      }

      .groups {
        columns: 260px 3;
        column-gap: 32px;
        padding: 12px 20px 20px;
      }

      section {
        break-inside: avoid;
        margin: 0 0 12px;
      }

      h3 {
        margin: 6px 0;
        color: var(--quiet);
        font-size: 13px;
        font-weight: 600;
      }

      dl {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 5px 12px;
        margin: 0;
        font-size: 14px;
      }

      dd {
        margin: 0;
        text-align: right;
      }

      dd span + span::before {
        content: ' / ';
        color: var(--quiet);
      }

      kbd {
        display: inline-block;
        min-width: 1.2em;
        padding: 0 5px;
        border: 1px solid var(--line-strong);
        border-radius: 4px;
        background: var(--bar);
        font: inherit;
        font-size: 12px;
        text-align: center;
      }
    `,
  ];

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  override render() {
    return html`<dialog
      aria-labelledby="title"
      @close=${() => this.remove()}
      @click=${(event: Event) => {
        // Beside the sheet.
        if (event.target === this.dialog) this.dialog.close();
      }}
    >
      <div class="head">
        <h2 id="title">${msg('键盘快捷键')}</h2>
        <button
          class="icon"
          title=${msg('关闭')}
          aria-label=${msg('关闭')}
          @click=${() => this.dialog.close()}
        >
          ${closeIcon}
        </button>
      </div>
      <div class="groups">
        ${groups().map(
          ([title, rows]) =>
            html`<section>
              <h3>${title}</h3>
              <dl>${rows.map(row)}</dl>
            </section>`,
        )}
      </div>
    </dialog>`;
  }
}

function row({ text, ways }: Row): TemplateResult {
  return html`<dt>${text}</dt>
    <dd>
      ${ways.map((keys) => html`<span>${keys.map((key) => html`<kbd>${key}</kbd> `)}</span>`)}
    </dd>`;
}

function groups(): [string, Row[]][] {
  const own = (id: ShortcutId, text: string): Row => ({ text, ways: shortcuts[id].shown });
  const viewer = (id: BindingId): Row => ({ text: viewerName(id), ways: waysOf(id) });
  const reading: BindingId[] = [
    'up',
    'down',
    'left',
    'right',
    'screen-up',
    'screen-down',
    'start',
    'end',
  ];
  const looking: BindingId[] = ['zoom-in', 'zoom-out', 'actual-size', 'fit-width', 'fit-page'];
  const pages: BindingId[] = ['continuous', 'two', 'book', 'single', 'turn-page', 'turn-all'];
  const tools: BindingId[] = ['hand', 'marquee'];
  const texts: BindingId[] = ['caret', 'select-all', 'copy-cited', 'deselect'];
  const links: BindingId[] = ['next-link', 'previous-link', 'follow-link'];
  return [
    [
      msg('阅读'),
      [
        ...reading.map(viewer),
        own('back', msg('返回上一处')),
        own('forward', msg('前往下一处')),
        ...links.map(viewer),
      ],
    ],
    [msg('缩放'), looking.map(viewer)],
    [msg('页面排列与旋转'), pages.map(viewer)],
    [
      msg('搜索'),
      [
        own('find', msg('搜索本卷')),
        { text: msg('下一处'), ways: [['Enter']] },
        { text: msg('上一处'), ways: [['Shift', 'Enter']] },
        { text: msg('回到页面'), ways: [['Esc']] },
      ],
    ],
    [
      msg('文字'),
      [
        { text: msg('扩展选择'), ways: [['Shift', '↑ ↓ ← →']] },
        { text: msg('复制'), ways: [['Ctrl', 'C']] },
        ...texts.map(viewer),
      ],
    ],
    [
      msg('批注'),
      [
        own('mark', msg('标注所选文字')),
        own('note', msg('标注并写批注')),
        own('remove', msg('删除')),
        own('undo', msg('撤销')),
        own('redo', msg('重做')),
      ],
    ],
    [
      msg('录音录像'),
      [
        own('play', `${msg('播放')} / ${msg('暂停')}`),
        own('earlier', msg('后退 5 秒')),
        own('later', msg('前进 5 秒')),
      ],
    ],
    [
      msg('窗口'),
      [
        ...tools.map(viewer),
        own('print', msg('打印')),
        own('side', msg('左右并排')),
        own('fullScreen', msg('全屏')),
        own('help', msg('键盘快捷键')),
      ],
    ],
  ];
}

/** How a key of the viewer is pressed, in each way there is. */
function waysOf(id: BindingId): string[][] {
  return bindings
    .filter((binding) => binding.id === id)
    .map((binding) => {
      const [key = ''] = binding.keys;
      // A capital by itself says Shift.
      const capital = /^[A-Z]$/.test(key);
      const shift = ('shift' in binding && binding.shift) || capital;
      const command = 'command' in binding && binding.command === 'must';
      return [...(command ? ['Ctrl'] : []), ...(shift ? ['Shift'] : []), glyph(key)];
    });
}

function glyph(key: string): string {
  if (key === ' ') return msg('空格');
  if (key === 'Escape') return 'Esc';
  return GLYPHS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

function viewerName(id: BindingId): string {
  const names: Record<BindingId, () => string> = {
    up: () => msg('向上'),
    down: () => msg('向下'),
    left: () => msg('向左'),
    right: () => msg('向右'),
    'screen-up': () => msg('上一屏'),
    'screen-down': () => msg('下一屏'),
    start: () => msg('卷首'),
    end: () => msg('卷末'),
    'zoom-in': () => msg('放大'),
    'zoom-out': () => msg('缩小'),
    'actual-size': () => msg('实际大小'),
    'fit-width': () => msg('适合宽度'),
    'fit-page': () => msg('适合整页'),
    continuous: () => msg('连续'),
    two: () => msg('双页'),
    book: () => msg('书式对开'),
    single: () => msg('单页'),
    'turn-page': () => msg('顺时针旋转本页'),
    'turn-all': () => msg('顺时针旋转全部'),
    hand: () => msg('抓手：拖动页面'),
    marquee: () => msg('框选放大'),
    'next-link': () => msg('下一个链接'),
    'previous-link': () => msg('上一个链接'),
    'follow-link': () => msg('打开链接'),
    caret: () => msg('文字光标'),
    'select-all': () => msg('选择全部文字'),
    'copy-cited': () => msg('复制并注明出处'),
    deselect: () => msg('取消选择'),
  };
  return names[id]();
}
