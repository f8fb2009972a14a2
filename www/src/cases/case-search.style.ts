// Look of a search of all volumes.
import { css } from 'lit';

export const caseSearchStyle = css`
  :host {
    display: block;
    max-width: 920px;
    margin: 0 auto;
  }

  .summary {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    margin: 0 0 12px;
  }

  .summary p {
    flex: 1 1 16em;
    margin: 0;
    color: var(--quiet);
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }

  [role='switch'][aria-checked='true'] {
    border-color: var(--accent);
    background: var(--tint);
    color: var(--accent);
  }

  .note {
    margin: 0 0 12px;
    padding: 8px 12px;
    border-radius: var(--radius);
    background: var(--warning-tint);
    color: var(--warning);
    font-size: 13px;
  }

  section {
    margin: 0 0 16px;
    border: 1px solid var(--line);
    border-radius: 8px;
    overflow: clip;
    background: var(--raised);
  }

  h2 {
    display: flex;
    align-items: baseline;
    gap: 4px 12px;
    margin: 0;
    padding: 9px 16px;
    border-bottom: 1px solid var(--line);
    background: var(--bar);
    font-size: 14px;
    font-weight: 600;
  }

  .title,
  .volume {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 400;
  }

  .title {
    flex: 1;
  }

  .case {
    flex: none;
    max-width: 100%;
  }

  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  li + li {
    border-top: 1px solid var(--line);
  }

  li a {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto auto;
    gap: 2px 12px;
    padding: 8px 16px 9px;
    color: inherit;
    text-decoration: none;
  }

  li a:hover {
    background: var(--hover);
  }

  .material {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--quiet);
    font-size: 13px;
  }

  .page,
  small {
    color: var(--quiet);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }

  small {
    min-width: 3em;
    text-align: right;
  }

  small b {
    color: var(--warning);
    font-weight: 400;
  }

  q {
    grid-column: 1 / -1;
    quotes: none;
    overflow-wrap: anywhere;
  }

  mark {
    border-radius: 2px;
    background: light-dark(#ffec8c, #6b5a14);
    color: inherit;
  }

  .more {
    display: block;
    margin: 0 auto;
    border-color: var(--line);
  }

  .empty {
    margin: 12vh auto 0;
    color: var(--quiet);
    text-align: center;
  }

  ev-failure {
    margin-top: 8vh;
  }

  .progress {
    height: 2px;
    background: var(--accent);
    transform-origin: left;
    animation: run 1.2s ease-in-out infinite;
  }

  @keyframes run {
    from {
      transform: scaleX(0);
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .progress {
      animation: none;
    }
  }

  @media (max-width: 700px) {
    h2 {
      flex-wrap: wrap;
      padding: 8px 12px;
    }

    .title {
      flex-basis: 100%;
      order: 1;
      white-space: normal;
    }

    li a {
      padding: 8px 12px;
    }
  }
`;
