// Look of the menus that drop from the toolbar.
import { css } from 'lit';

export const menuStyle = css`
  :host {
    display: flex;
  }

  wa-dropdown {
    font-size: 14px;
    --show-duration: 60ms;
    --hide-duration: 0ms;
  }

  hr {
    margin: 4px 8px;
    border: 0;
    border-top: 1px solid var(--line);
  }

  kbd {
    color: var(--quiet);
    font: inherit;
    font-size: 12px;
  }
`;
