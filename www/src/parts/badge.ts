// The badge of a volume's class: text first, colour second.
import { css, html, type TemplateResult } from 'lit';
import type { VolumeClass } from 'evolume';
import { className } from '../words.ts';

export const badge = (volumeClass: VolumeClass): TemplateResult =>
  html`<span class="badge ${volumeClass}">${className(volumeClass)}</span>`;

export const badgeStyle = css`
  .badge {
    flex: none;
    display: inline-block;
    box-sizing: border-box;
    min-width: 52px;
    padding: 1px 7px;
    border: 1px solid currentcolor;
    border-radius: 4px;
    font-size: 12px;
    line-height: 18px;
    text-align: center;
  }

  .badge.main {
    color: var(--class-main);
  }

  .badge.internal {
    color: var(--class-internal);
  }

  .badge.evidence {
    color: var(--class-evidence);
  }

  .badge.public {
    color: var(--class-public);
  }
`;
