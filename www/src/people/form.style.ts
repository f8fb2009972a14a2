// Look of the forms in which people say who they are.
import { css } from 'lit';

export const formStyle = css`
  form {
    display: flex;
    flex-direction: column;
    gap: 14px;
  }

  .field {
    display: flex;
    flex-direction: column;
    gap: 4px;
  }

  .field > label {
    color: var(--quiet);
    font-size: 13px;
  }

  .field input,
  .field select {
    width: 100%;
    min-width: 0;
    height: 38px;
    padding: 0 10px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--raised);
    color: inherit;
    font: inherit;
  }

  @media (pointer: coarse) {
    .field input,
    .field select {
      height: 44px;
      /* A smaller one makes telephones zoom in. */
      font-size: 16px;
    }
  }

  .field input[aria-invalid='true'] {
    border-color: var(--warning);
  }

  .hint {
    margin: 0;
    color: var(--quiet);
    font-size: 12px;
  }

  .problem {
    margin: 0;
    padding: 8px 12px;
    border-radius: var(--radius);
    background: var(--warning-tint);
    color: var(--warning);
    font-size: 13px;
  }

  .problem code {
    margin-left: 6px;
    font-size: 11px;
  }

  .done {
    margin: 0;
    color: var(--safe);
    font-size: 13px;
  }

  form :is(.primary, .plain) {
    min-height: 38px;
  }
`;
