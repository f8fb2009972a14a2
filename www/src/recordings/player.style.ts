// Look of the player: beside the pages, at their foot on a narrow screen.
import { css } from 'lit';

export const playerStyle = css`
  :host {
    flex: none;
    display: flex;
    width: 340px;
    border-left: 1px solid var(--line);
    background: var(--bar);
  }

  section {
    flex: 1;
    display: flex;
    flex-direction: column;
    min-width: 0;
  }

  header {
    flex: none;
    display: flex;
    align-items: center;
    gap: 4px;
    padding: 6px 6px 6px 4px;
  }

  .name {
    flex: 1;
    justify-content: flex-start;
    min-width: 0;
    overflow: hidden;
    font-weight: 600;
    text-overflow: ellipsis;
  }

  video {
    flex: none;
    display: block;
    width: 100%;
    max-height: 45%;
    background: #000;
    cursor: pointer;
  }

  ev-timeline {
    flex: none;
    margin: 8px 12px 0;
  }

  .row {
    flex: none;
    display: flex;
    align-items: center;
    gap: 2px;
    padding: 4px 8px 8px;
  }

  .play {
    color: var(--accent);
  }

  .time {
    flex: 1;
    padding: 0 6px;
    color: var(--quiet);
    font-size: 13px;
    text-align: right;
    white-space: nowrap;
  }

  ev-transcript {
    flex: 1;
    min-height: 0;
    border-top: 1px solid var(--line);
  }

  .trouble {
    flex: none;
    padding: 12px 14px;
    font-size: 13px;
  }

  .trouble p {
    margin: 4px 0 10px;
    color: var(--quiet);
  }

  code {
    margin-left: 8px;
    color: var(--quiet);
    font-size: 11px;
  }

  @media (min-width: 1800px) {
    :host {
      width: 420px;
    }
  }

  @media (max-width: 700px) {
    :host {
      position: absolute;
      z-index: 3;
      inset: auto 0 0 var(--rail);
      width: auto;
      max-height: 55%;
      border-top: 1px solid var(--line);
      box-shadow: 0 -8px 24px rgb(0 0 0 / 18%);
    }
  }
`;
