// Look of the list of cases.
import { css } from 'lit';

export const caseListStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
  }

  header {
    flex: none;
    display: flex;
    align-items: center;
    gap: 12px;
    height: calc(var(--control) + 12px);
    padding: 0 12px 0 20px;
    border-bottom: 1px solid var(--line);
    background: var(--bar);
  }

  h1 {
    flex: 1 0 auto;
    display: flex;
    align-items: baseline;
    gap: 10px;
    margin: 0;
    font-size: 15px;
    font-weight: 600;
  }

  h1 span {
    color: var(--accent);
    font-weight: 700;
  }

  .filter {
    position: relative;
    width: 340px;
    min-width: 0;
  }

  .filter svg {
    position: absolute;
    left: 8px;
    top: calc(50% - 9px);
    width: 18px;
    height: 18px;
    color: var(--quiet);
  }

  .filter input {
    width: 100%;
    padding: 0 8px 0 32px;
  }

  .offer {
    display: flex;
    align-items: center;
    gap: 8px;
    max-width: 920px;
    margin: 0 auto;
  }

  .offer svg {
    width: 18px;
    height: 18px;
  }

  @media (max-width: 560px) {
    .open span {
      display: none;
    }
  }

  main {
    flex: 1;
    overflow: auto;
    padding: 24px 20px 48px;
  }

  section {
    max-width: 920px;
    margin: 0 auto 20px;
    border: 1px solid var(--line);
    border-radius: 8px;
    overflow: clip;
    background: var(--raised);
  }

  .case {
    display: flex;
    align-items: baseline;
    gap: 4px 14px;
    padding: 12px 18px 11px;
    border-bottom: 1px solid var(--line);
    background: var(--bar);
  }

  .case h2 {
    flex: none;
    max-width: 100%;
    margin: 0;
    font-size: 15px;
    font-weight: 600;
  }

  .title {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .court,
  .materials,
  .pages {
    flex: none;
    color: var(--quiet);
    font-size: 13px;
  }

  .materials,
  .pages {
    min-width: 72px;
    text-align: right;
  }

  /* English words are longer; the columns stay in line all the same. */
  :host(:lang(en)) .badge {
    min-width: 74px;
  }

  :host(:lang(en)) :is(.materials, .pages) {
    min-width: 96px;
  }

  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  li + li {
    border-top: 1px solid var(--line);
  }

  .role {
    flex: none;
    color: var(--accent);
    font-size: 13px;
  }

  .case a {
    align-self: center;
    margin: -8px -6px -8px -8px;
  }

  li a {
    display: flex;
    align-items: center;
    gap: 14px;
    min-height: 46px;
    padding: 4px 12px 4px 18px;
    color: inherit;
    text-decoration: none;
  }

  li a:hover {
    background: var(--hover);
  }

  li a svg {
    color: var(--quiet);
  }

  .name {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .none {
    padding: 12px 18px;
    color: var(--quiet);
  }

  .empty {
    margin: 18vh auto 0;
    color: var(--quiet);
    text-align: center;
  }

  .empty svg {
    width: 40px;
    height: 40px;
    opacity: 0.6;
  }

  .empty h2 {
    margin: 8px 0 0;
    color: var(--text);
    font-size: 17px;
  }

  .empty p {
    margin: 4px 0;
  }

  ev-failure {
    margin-top: 12vh;
  }

  .skeleton i {
    display: block;
    width: 280px;
    height: 12px;
    border-radius: 4px;
    background: var(--line);
    animation: breathe 1.4s ease-in-out infinite alternate;
  }

  .skeleton .case i {
    width: 360px;
    max-width: 100%;
    height: 14px;
  }

  .skeleton li {
    padding: 17px 18px;
  }

  @keyframes breathe {
    to {
      opacity: 0.4;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .skeleton i {
      animation: none;
    }
  }

  @media (max-width: 700px) {
    header {
      padding-left: 12px;
    }

    h1 span {
      display: none;
    }

    main {
      padding: 12px 8px 32px;
    }

    .case {
      flex-wrap: wrap;
      padding: 10px 12px;
    }

    .title {
      flex-basis: 100%;
      white-space: normal;
    }

    li a {
      gap: 10px;
      padding-left: 12px;
    }

    .materials {
      display: none;
    }

    .pages {
      min-width: 0;
    }
  }
`;
