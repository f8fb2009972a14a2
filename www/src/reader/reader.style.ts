// Look of the reader: page brightest, everything else quiet.
import { css } from 'lit';

export const readerStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
  }

  header {
    flex: none;
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr);
    align-items: center;
    gap: 16px;
    height: calc(var(--control) + 12px);
    padding: 0 8px 0 6px;
    border-bottom: 1px solid var(--line);
    background: var(--bar);
  }

  .names {
    display: flex;
    align-items: center;
    gap: 10px;
    min-width: 0;
  }

  .names a {
    flex: none;
    margin-right: -4px;
  }

  h1 {
    flex: 0 1 auto;
    min-width: 5em;
    margin: 0;
    overflow: hidden;
    font-size: 14px;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .title {
    /* Gives way wholly first: a pixel less would cost the case number its end. */
    flex: 0 100000 auto;
    min-width: 0;
    overflow: hidden;
    color: var(--quiet);
    font-size: 13px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .settings {
    display: flex;
    justify-self: end;
    gap: 2px;
    min-width: 0;
  }

  .middle {
    position: relative;
    flex: 1;
    display: flex;
    min-height: 0;
  }

  .rail {
    flex: none;
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 4px;
    width: var(--rail);
    padding-top: 8px;
    border-right: 1px solid var(--line);
    background: var(--bar);
  }

  .rail .end {
    display: flex;
    flex-direction: column;
    gap: 4px;
    margin: auto 0 8px;
  }

  .rail ev-settings-bar {
    flex-direction: column;
  }

  .panel {
    flex: none;
    display: flex;
    flex-direction: column;
    width: var(--panel);
    border-right: 1px solid var(--line);
    background: var(--bar);
  }

  .panel .rest {
    order: -1;
    margin: 4px 16px;
    color: var(--quiet);
    font-size: 13px;
  }

  .panel h2 {
    flex: none;
    order: -2;
    margin: 0;
    padding: 12px 16px 6px;
    color: var(--quiet);
    font-size: 12px;
    font-weight: 400;
  }

  /* The pages are covered, not gone: their place is what the other windows follow. */
  .lists .panel {
    position: absolute;
    z-index: 3;
    inset: 0 0 0 var(--rail);
    width: auto;
    border: 0;
  }

  .lists .pages {
    visibility: hidden;
  }

  ev-catalogue,
  ev-thumbnails,
  ev-search,
  ev-mark-list {
    flex: 1;
  }

  .pages {
    position: relative;
    flex: 1;
    min-width: 0;
    background: var(--ground);
  }

  .stage {
    position: absolute;
    inset: 0;
  }

  .cover {
    position: absolute;
    z-index: 2;
    inset: 0;
    margin: 0;
    background: var(--ground);
  }

  .empty {
    display: grid;
    place-content: center;
    color: var(--quiet);
  }

  .progress::before {
    content: '';
    position: absolute;
    z-index: 3;
    inset: 0 auto auto 0;
    width: 30%;
    height: 2px;
    background: var(--accent);
    animation: run 1.2s ease-in-out infinite both;
  }

  @keyframes run {
    from {
      transform: translateX(-100%);
    }

    to {
      transform: translateX(334%);
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .progress::before {
      width: 100%;
      animation: none;
    }
  }

  @media (min-width: 1800px) {
    .panel {
      width: 320px;
    }
  }

  @media (max-width: 700px) {
    header {
      display: flex;
      gap: 4px;
      padding: 0 4px;
    }

    .names {
      flex: 0 1 auto;
      gap: 4px;
    }

    .names h1,
    .names .title,
    .names .badge {
      display: none;
    }

    ev-tool-bar {
      flex: 1;
    }

    /* Two places need two widths. */
    ev-side-pane {
      display: none;
    }

    .panel {
      position: absolute;
      z-index: 4;
      inset: 0 auto 0 var(--rail);
      width: min(320px, calc(100% - var(--rail) - 24px));
      box-shadow: 8px 0 24px rgb(0 0 0 / 18%);
    }
  }
`;
