// The colours of marks as buttons and dots; each also has its name.
import { css } from 'lit';

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

  .yellow {
    --ink: rgb(255 225 100);
  }

  .green {
    --ink: rgb(166 226 150);
  }

  .blue {
    --ink: rgb(140 216 236);
  }

  .red {
    --ink: rgb(255 170 165);
  }

  .purple {
    --ink: rgb(216 184 248);
  }
`;
