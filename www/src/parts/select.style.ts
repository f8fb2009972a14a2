// Look of a choice in a row of buttons: quiet until it is pointed at.
import { css } from 'lit';

export const selectStyle = css`
  select {
    height: var(--control);
    padding: 0 4px;
    border: 1px solid transparent;
    border-radius: var(--radius);
    background: none;
    color: inherit;
    font: inherit;
    font-size: 13px;
    cursor: pointer;
  }

  select:hover {
    background: var(--hover);
  }

  option {
    background: var(--raised);
  }
`;
