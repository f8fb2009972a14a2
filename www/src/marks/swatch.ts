// The colours of marks as buttons and dots; each also has its name.
import { MARK_INK } from 'evolume';
import { css, unsafeCSS } from 'lit';
import { NEUTRAL_INK } from './painting.ts';

export const swatchStyle = css`
  .swatch {
    min-width: calc(var(--control) - 4px);
    width: calc(var(--control) - 4px);
  }

  .swatch span,
  .dot {
    display: inline-block;
    flex: none;
    box-sizing: border-box;
    width: 16px;
    height: 16px;
    border: 1px solid rgb(0 0 0 / 22%);
    border-radius: 50%;
    background: var(--ink);
  }

  .dot {
    width: 10px;
    height: 10px;
  }

  .swatch[aria-pressed='true'] span {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  ${unsafeCSS(
    Object.entries({ ...MARK_INK, unknown: NEUTRAL_INK })
      .map(([name, ink]) => `.${name} { --ink: rgb(${ink.join(' ')}); }`)
      .join('\n'),
  )}
`;
