// Look of the sections and lists on the pages about people.
import { css } from 'lit';

export const sectionStyle = css`
  section {
    border: 1px solid var(--line);
    border-radius: 8px;
    overflow: clip;
    background: var(--raised);
  }

  section > header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 14px;
    min-height: 46px;
    padding: 6px 12px 6px 18px;
    border-bottom: 1px solid var(--line);
    background: var(--bar);
  }

  section > header h2 {
    flex: 1;
    margin: 0;
    font-size: 15px;
    font-weight: 600;
  }

  section > header h2 small {
    margin-left: 6px;
    font-weight: 400;
  }

  section > .body {
    padding: 16px 18px 18px;
  }

  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 14px;
    min-height: 52px;
    padding: 6px 12px 6px 18px;
  }

  li + li {
    border-top: 1px solid var(--line);
  }

  .person {
    flex: 1 1 12em;
    min-width: 0;
  }

  .person b,
  .person small {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .person b {
    font-weight: 600;
  }

  small,
  .quiet {
    color: var(--quiet);
    font-size: 12px;
  }

  .tag {
    flex: none;
    padding: 1px 7px;
    border: 1px solid currentcolor;
    border-radius: 4px;
    color: var(--quiet);
    font-size: 12px;
    line-height: 18px;
  }

  .tag.accent {
    color: var(--accent);
  }

  .tag.warning {
    color: var(--warning);
  }

  .none {
    margin: 0;
    padding: 16px 18px;
    color: var(--quiet);
  }

  .problem {
    padding: 8px 18px;
    border-radius: 0;
  }

  button.plain {
    font-size: 13px;
  }
`;
