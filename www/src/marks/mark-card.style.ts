// Look of a mark in the list: the layer by its name and the line at its edge.
import { css } from 'lit';

export const markCardStyle = css`
  :host {
    display: block;
  }

  article {
    border: 1px solid var(--line);
    border-left: 3px solid var(--layer, var(--line-strong));
    border-radius: 6px;
    background: var(--raised);
    overflow: clip;
  }

  .private {
    --layer: var(--layer-private);
  }

  .panel {
    --layer: var(--layer-panel);
  }

  .meeting,
  .everybody {
    --layer: var(--layer-everybody);
  }

  :host([active]) article {
    border-color: var(--accent);
    border-left-color: var(--layer);
  }

  .head {
    display: block;
    width: 100%;
    height: auto;
    padding: 8px 10px;
    border-radius: 0;
    text-align: left;
    white-space: normal;
  }

  .who {
    display: flex;
    align-items: center;
    gap: 6px;
    font-size: 12px;
  }

  b {
    min-width: 0;
    overflow: hidden;
    font-size: 13px;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .layer {
    flex: none;
    color: var(--layer);
  }

  .page,
  time {
    flex: none;
    color: var(--quiet);
  }

  time {
    margin-left: auto;
  }

  q {
    display: -webkit-box;
    margin: 5px 0 0;
    overflow: hidden;
    color: var(--quiet);
    font-size: 13px;
    line-height: 1.45;
    quotes: none;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }

  .newer {
    display: block;
    margin-top: 5px;
    color: var(--quiet);
    font-size: 12px;
  }

  p {
    margin: 0;
    padding: 0 10px 9px;
    font-size: 14px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  textarea {
    display: block;
    width: calc(100% - 20px);
    max-height: 40vh;
    margin: 0 10px;
    padding: 6px 8px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--raised);
    color: inherit;
    font: inherit;
    resize: vertical;
    field-sizing: content;
  }

  .tools {
    display: flex;
    align-items: center;
    padding: 4px 6px;
  }

  .remove {
    margin-left: auto;
  }
`;
