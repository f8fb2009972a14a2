// Look of the catalogue.
import { css } from 'lit';

export const catalogueStyle = css`
  :host {
    display: block;
    min-height: 0;
  }

  [role='tree'] {
    --item: 30;

    height: 100%;
    overflow: hidden auto;
    outline-offset: -2px;
  }

  .rows {
    position: relative;
    contain: layout;
  }

  .row {
    position: absolute;
    inset: 0 0 auto;
    display: flex;
    align-items: center;
    gap: 6px;
    height: calc(var(--item) * 1px);
    padding: 0 14px 0 calc(var(--level) * 14px - 12px);
    border-left: 3px solid transparent;
    cursor: pointer;
  }

  .row:hover {
    background: var(--hover);
  }

  .row[aria-current] {
    border-left-color: var(--accent);
    background: var(--tint);
  }

  [role='tree']:focus-visible #active {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }

  [role='tree']:focus-visible:has(#active) {
    outline: none;
  }

  .group .title {
    font-weight: 600;
  }

  .outline {
    color: var(--quiet);
    font-size: 13px;
  }

  .outline[aria-current] {
    color: var(--text);
  }

  .twisty {
    flex: none;
    display: grid;
    place-content: center;
    width: 16px;
    height: 100%;
    color: var(--quiet);
  }

  .flat .twisty {
    width: 0;
  }

  .flat .row {
    padding-left: 7px;
  }

  .twisty svg {
    width: 16px;
    height: 16px;
  }

  [aria-expanded='true'] > .twisty svg {
    transform: rotate(90deg);
  }

  .title {
    flex: 0 1 auto;
    min-width: 2em;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  small {
    flex: none;
    color: var(--quiet);
    font-size: 12px;
  }

  small.broken {
    color: var(--warning);
  }

  .page {
    flex: none;
    margin-left: auto;
    padding-left: 6px;
    color: var(--quiet);
    font-size: 13px;
  }

  @media (pointer: coarse) {
    [role='tree'] {
      --item: 44;
    }

    .twisty {
      width: 28px;
    }
  }
`;
