// Look of dialogs about people.
import { css } from 'lit';

export const dialogStyle = css`
  dialog {
    width: min(27em, 100vw - 24px);
    max-height: calc(100dvh - 24px);
    padding: 20px 22px;
    border: 1px solid var(--line-strong);
    border-radius: 10px;
    background: var(--raised);
    color: var(--text);
    box-shadow: 0 10px 40px rgb(0 0 0 / 22%);
    overflow: auto;
  }

  dialog::backdrop {
    background: rgb(0 0 0 / 28%);
  }

  dialog h2 {
    margin: 0 0 12px;
    font-size: 16px;
  }

  dialog > p {
    margin: -6px 0 14px;
    color: var(--quiet);
    overflow-wrap: anywhere;
  }

  .actions {
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: 10px;
    margin-top: 18px;
  }
`;
