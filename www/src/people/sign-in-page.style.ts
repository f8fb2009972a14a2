// Look of the sign-in page.
import { css } from 'lit';

export const signInStyle = css`
  :host {
    display: grid;
    grid-template-rows: auto 1fr;
    height: 100%;
    overflow: auto;
  }

  header {
    display: flex;
    justify-content: flex-end;
    padding: 10px 16px;
  }

  main {
    width: min(22em, calc(100vw - 48px));
    margin: 8vh auto 48px;
  }

  h1 {
    margin: 0 0 20px;
    font-size: 20px;
  }

  h1 span {
    margin-right: 0.6em;
    color: var(--quiet);
    font-weight: 400;
  }

  form {
    display: grid;
    gap: 6px;
  }

  label {
    margin-top: 8px;
    font-size: 13px;
  }

  input {
    width: 100%;
    padding: 0 10px;
  }

  p {
    margin: 0;
    color: var(--quiet);
    font-size: 12px;
  }

  form .primary {
    margin-top: 12px;
  }

  [role='alert']:not(:empty) {
    display: grid;
    margin-top: 8px;
    color: var(--warning);
    font-size: 13px;
  }

  section {
    margin-top: 32px;
    padding-top: 16px;
    border-top: 1px solid var(--line);
  }

  h2 {
    margin: 0;
    font-size: 14px;
  }

  ul {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 2px;
    margin: 8px 0 0;
    padding: 0;
    list-style: none;
  }

  li button {
    justify-content: flex-start;
    width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
  }
`;
