// Look of the thumbnails.
import { css } from 'lit';

export const thumbnailsStyle = css`
  :host {
    display: block;
    min-height: 0;
  }

  [role='listbox'] {
    --item: 182;
    --cell-width: 104px;
    --cell-height: 147px;

    height: 100%;
    overflow: hidden auto;
    padding: 0 8px;
    box-sizing: border-box;
  }

  [role='listbox']:focus-visible {
    outline: none;
  }

  .all {
    position: relative;
    contain: layout;
  }

  .cell {
    position: absolute;
    top: 0;
    width: calc(100% / var(--columns));
    height: calc(var(--item) * 1px);
    padding-top: 6px;
    border-radius: 6px;
    box-sizing: border-box;
    color: var(--quiet);
    font-size: 12px;
    text-align: center;
    cursor: pointer;
  }

  .cell:hover {
    background: var(--hover);
  }

  .cell[aria-selected='true'] {
    background: var(--tint);
    color: var(--accent);
    font-weight: 600;
  }

  [role='listbox']:focus-visible .active {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }

  .frame {
    display: grid;
    place-content: center;
    height: calc(var(--cell-height) + 4px);
  }

  .sheet {
    display: grid;
    place-content: center;
    width: calc(var(--width) * var(--cell-width));
    height: calc(var(--height) * var(--cell-height));
    background: #fff no-repeat;
    background-position: calc(var(--column) * var(--cell-width) * -1)
      calc(var(--line) * var(--cell-height) * -1);
    background-size: calc(var(--across) * var(--cell-width)) auto;
    box-shadow: 0 0 0 1px light-dark(#0000001f, #00000080);
  }

  .sheet small {
    color: #8a4b00;
  }

  .cell[aria-selected='true'] .sheet {
    box-shadow: 0 0 0 2px var(--accent);
  }

  .label {
    display: inline-block;
    max-width: 5em;
    margin-left: 6px;
    overflow: hidden;
    color: var(--quiet);
    text-overflow: ellipsis;
    vertical-align: bottom;
    white-space: nowrap;
  }
`;
