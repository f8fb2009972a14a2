// Shared look of buttons, links and fields.
import { css } from 'lit';

export const controls = css`
  * {
    box-sizing: border-box;
  }

  button,
  a.button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    height: var(--control);
    min-width: var(--control);
    padding: 0 10px;
    border: 1px solid transparent;
    border-radius: var(--radius);
    background: none;
    color: inherit;
    font: inherit;
    text-decoration: none;
    white-space: nowrap;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }

  button.icon,
  a.icon {
    padding: 0;
    color: var(--quiet);
  }

  button:hover,
  a.button:hover {
    background: var(--hover);
    color: var(--text);
  }

  button[aria-pressed='true'],
  button[aria-expanded='true'].icon {
    background: var(--tint);
    color: var(--accent);
  }

  button:disabled {
    opacity: 0.4;
    cursor: default;
  }

  button.primary {
    background: var(--accent);
    color: var(--on-accent);
  }

  button.primary:hover {
    background: color-mix(in oklab, var(--accent), var(--text) 14%);
    color: var(--on-accent);
  }

  button.plain,
  a.button.plain {
    border-color: var(--line-strong);
    background: var(--raised);
  }

  input {
    height: var(--control);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--raised);
    color: inherit;
    font: inherit;
  }

  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: -1px;
  }

  svg {
    flex: none;
  }

  [hidden] {
    display: none !important;
  }

  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
