// Look of the search panel.
import { css } from 'lit';

export const searchStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
  }

  .query {
    position: relative;
    flex: none;
    margin: 2px 12px 6px;
  }

  .query > svg {
    position: absolute;
    top: calc(50% - 8px);
    left: 8px;
    width: 16px;
    height: 16px;
    color: var(--quiet);
    pointer-events: none;
  }

  input {
    width: 100%;
    padding: 0 var(--control) 0 30px;
    appearance: none;
  }

  input::-webkit-search-cancel-button {
    display: none;
  }

  input::placeholder {
    color: var(--quiet);
    opacity: 1;
  }

  .clear {
    position: absolute;
    inset: 0 0 auto auto;
  }

  .clear svg {
    width: 16px;
    height: 16px;
  }

  .summary {
    flex: none;
    display: flex;
    align-items: center;
    padding: 0 8px 4px 16px;
    color: var(--quiet);
    font-size: 13px;
  }

  .summary button {
    height: 28px;
    min-width: 28px;
  }

  .total {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .summary[data-running] .total {
    opacity: 0.6;
  }

  .position {
    margin: 0 4px;
    white-space: nowrap;
  }

  .missed {
    flex: none;
    margin: 0 12px 8px;
    padding: 6px 10px;
    border-radius: var(--radius);
    background: var(--warning-tint);
    color: var(--warning);
    font-size: 12px;
  }

  .unread {
    flex: none;
    margin: auto 0 0;
    padding: 8px 16px;
    border-top: 1px solid var(--line);
    color: var(--quiet);
    font-size: 12px;
  }

  .empty {
    padding: 12px 16px;
    color: var(--quiet);
    font-size: 13px;
    overflow-wrap: anywhere;
  }

  .empty p {
    margin: 0 0 8px;
  }

  .keys {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
  }

  kbd {
    padding: 1px 5px;
    border: 1px solid var(--line-strong);
    border-radius: 4px;
    font: inherit;
    font-size: 12px;
  }

  [role='listbox'] {
    --item: 32;

    flex: 1;
    min-height: 0;
    overflow: hidden auto;
    border-top: 1px solid var(--line);
    outline-offset: -2px;
  }

  .rows {
    position: relative;
    contain: layout;
  }

  .material,
  .page {
    position: absolute;
    inset: 0 0 auto;
    padding: 0 14px 0 13px;
    border-left: 3px solid transparent;
  }

  .material {
    display: flex;
    align-items: end;
    gap: 8px;
    height: calc(var(--item) * 1px);
    padding-bottom: 5px;
    font-size: 13px;
    font-weight: 600;
  }

  .material span {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  small {
    flex: none;
    color: var(--quiet);
    font-size: 12px;
    font-weight: 400;
  }

  .approximate {
    position: absolute;
    inset: 0 0 auto;
    display: flex;
    align-items: center;
    gap: 6px;
    height: calc(var(--item) * 1px);
    padding: 0 16px;
    border-block: 1px solid var(--line);
    background: var(--bar);
    color: var(--quiet);
    font-size: 12px;
  }

  small b {
    padding: 0 4px;
    border: 1px dashed var(--line-strong);
    border-radius: 4px;
    font-weight: 400;
  }

  .page[data-approximate] mark {
    background: none;
    text-decoration: underline wavy light-dark(#c26a00, #ffb35c);
    text-underline-offset: 3px;
  }

  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 4px 12px;
    margin: 0 0 12px;
  }

  dt {
    color: var(--text);
    white-space: nowrap;
  }

  dd {
    margin: 0;
  }

  .page {
    display: grid;
    grid-template: auto minmax(0, 1fr) / 1fr auto;
    height: calc(var(--item) * 2px);
    padding-block: 3px 4px;
    cursor: pointer;
  }

  .page:hover {
    background: var(--hover);
  }

  .page[aria-selected='true'] {
    border-left-color: var(--accent);
    background: var(--tint);
  }

  .number {
    color: var(--quiet);
    font-size: 12px;
  }

  .page p {
    grid-column: 1 / -1;
    display: -webkit-box;
    margin: 0;
    overflow: hidden;
    font-size: 13px;
    line-height: 18px;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }

  mark {
    border-radius: 2px;
    background: light-dark(#ffec8c, #6a5a14);
    color: inherit;
    font-weight: 600;
  }

  @media (pointer: coarse) {
    [role='listbox'] {
      --item: 36;
    }

    .summary button {
      height: var(--control);
      min-width: var(--control);
    }
  }
`;
