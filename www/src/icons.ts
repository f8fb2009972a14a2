// Line icons, drawn on a grid of 20 with strokes of 1.5.
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

const icon = (content: SVGTemplateResult): TemplateResult =>
  html`<svg
    viewBox="0 0 20 20"
    width="20"
    height="20"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${content}
  </svg>`;

export const backIcon = icon(svg`<path d="M12 4.500 6.500 10l5.500 5.500"/>`);
export const previousIcon = icon(svg`<path d="M16 10H4.500M9 5.500 4.500 10 9 14.500"/>`);
export const nextIcon = icon(svg`<path d="M4 10h11.500M11 5.500l4.500 4.500-4.500 4.500"/>`);
export const catalogueIcon = icon(svg`<path d="M3.500 5h13M3.500 10h9M3.500 15h11"/>`);
export const thumbnailsIcon = icon(
  svg`<path d="M3.500 3.500h5v5h-5zM11.500 3.500h5v5h-5zM3.500 11.500h5v5h-5zM11.500 11.500h5v5h-5z"/>`,
);
export const minusIcon = icon(svg`<path d="M5.500 10h9"/>`);
export const plusIcon = icon(svg`<path d="M5.500 10h9M10 5.500v9"/>`);
export const downIcon = icon(svg`<path d="m6.500 8.500 3.500 3.500 3.500-3.500"/>`);
export const upIcon = icon(svg`<path d="m6.500 11.500 3.500-3.500 3.500 3.500"/>`);
export const playIcon = icon(svg`<path d="M6.500 4 15.500 10l-9 6z" fill="currentColor"/>`);
export const pauseIcon = icon(svg`<path d="M7 4.500v11M13 4.500v11" stroke-width="2.5"/>`);
export const rewindIcon = icon(
  svg`<path d="M10 5.500 5.500 10l4.500 4.500M15.500 5.500 11 10l4.500 4.500"/>`,
);
export const forwardIcon = icon(
  svg`<path d="m4.500 5.500 4.500 4.500-4.500 4.500M10 5.500l4.500 4.500-4.500 4.500"/>`,
);
export const closeIcon = icon(svg`<path d="m6 6 8 8M14 6l-8 8"/>`);
export const rightIcon = icon(svg`<path d="m8 6.500 3.500 3.500L8 13.500"/>`);
export const sunIcon = icon(
  svg`<circle cx="10" cy="10" r="3.250"/><path d="M10 2.500v1.500M10 16v1.500M2.500 10H4M16 10h1.500M4.700 4.700l1 1M14.300 14.300l1 1M15.300 4.700l-1 1M5.700 14.300l-1 1"/>`,
);
export const moonIcon = icon(
  svg`<path d="M16 12.200A6.500 6.500 0 0 1 7.800 4a6.500 6.500 0 1 0 8.200 8.200Z"/>`,
);
export const fullScreenIcon = icon(
  svg`<path d="M3.500 7.500v-4h4M12.500 3.500h4v4M16.500 12.500v4h-4M7.500 16.500h-4v-4"/>`,
);
export const leaveFullScreenIcon = icon(
  svg`<path d="M7.500 3.500v4h-4M16.500 7.500h-4v-4M12.500 16.500v-4h4M3.500 12.500h4v4"/>`,
);
export const spreadIcon = icon(
  svg`<path d="M10 4.500v11.500M10 4.500c-1.500-1-3.500-1-6.500-1v11.500c3 0 5 0 6.500 1 1.500-1 3.500-1 6.500-1V3.500c-3 0-5 0-6.500 1Z"/>`,
);
export const splitIcon = icon(svg`<path d="M3.500 4h13v12h-13zM10 4v12"/>`);
export const windowIcon = icon(
  svg`<path d="M3 3.500h10v8H3zM7.500 15.500h9.500V8M5.500 11.500v4"/>`,
);
export const sendIcon = icon(
  svg`<path d="M11 3.500h5.500v13H11M3.500 10h8.500M8.500 6.500 12 10l-3.500 3.500"/>`,
);
export const listsIcon = icon(
  svg`<path d="M11 3.500h5.500v13H11M3.500 5.500h5M3.500 8.500h5M3.500 11.500h5M3.500 14.500h5"/>`,
);
export const pagesIcon = icon(svg`<path d="M5.500 3.500h9v13h-9zM8 7h4M8 9.500h4M8 12h4"/>`);
export const lockIcon = icon(svg`<path d="M5 9h10v7.500H5zM7 9V6.500a3 3 0 0 1 6 0V9"/>`);
export const unlockIcon = icon(svg`<path d="M5 9h10v7.500H5zM7 9V6.500a3 3 0 0 1 5.800-1"/>`);
export const searchIcon = icon(
  svg`<circle cx="8.750" cy="8.750" r="5.250"/><path d="m12.700 12.700 4 4"/>`,
);
export const filterIcon = icon(svg`<path d="M3.500 5h13M6 10h8M8.500 15h3"/>`);
export const warningIcon = icon(svg`<path d="M10 3.500 17.500 16.500h-15ZM10 8v4M10 14.250v.01"/>`);
export const openIcon = icon(
  svg`<path d="M3 15.500v-11h5l1.500 2h7v2M3 15.500l2.500-7h12l-2.500 7z"/>`,
);
export const printIcon = icon(svg`<path d="M6 7V3.500h8V7M6 14H3.500V7h13v7H14M6 11.500h8v5H6z"/>`);
export const volumeIcon = icon(svg`<path d="M4.500 2.500h8l3 3v12h-11zM7.500 9h5M7.500 12h5"/>`);
export const markIcon = icon(
  svg`<path d="M4 16.500h12M6.500 13.500v-2.250L13 4.750l2.250 2.250-6.500 6.500zM11.250 6.500l2.250 2.250"/>`,
);
export const noteIcon = icon(
  svg`<path d="M3.500 4.500h13v9h-7l-3.500 3v-3h-2.500zM7 8h6M7 10.500h4"/>`,
);
export const copyIcon = icon(svg`<path d="M7.500 7.500h9v9h-9zM12.500 7.500v-4h-9v9h4"/>`);
export const quoteIcon = icon(
  svg`<path d="M4 10.500h4.500v4.500H4zM11.500 10.500H16v4.500h-4.500zM4 10.500c0-3 1-4.500 3.500-5.500M11.500 10.500c0-3 1-4.500 3.500-5.500"/>`,
);
export const removeIcon = icon(
  svg`<path d="M4 5.500h12M8 5.500v-2h4v2M5.500 5.500l.75 11h7.500l.75-11M8.500 8.500v5M11.500 8.500v5"/>`,
);
export const undoIcon = icon(
  svg`<path d="M7 4 3.500 7.500 7 11M3.500 7.500h8a4.500 4.500 0 0 1 0 9h-3"/>`,
);
export const redoIcon = icon(
  svg`<path d="m13 4 3.500 3.500L13 11M16.500 7.500h-8a4.500 4.500 0 0 0 0 9h3"/>`,
);
export const leaveIcon = icon(svg`<path d="M8.500 3.500h-5v13h5M8 10h8.500M13.500 7l3 3-3 3"/>`);
export const keyboardIcon = icon(
  svg`<path d="M2.500 5.500h15v9h-15zM5 8.250v.01M8.330 8.250v.01M11.670 8.250v.01M15 8.250v.01M6.500 11.750h7"/>`,
);
export const personIcon = icon(
  svg`<circle cx="10" cy="7" r="3.250"/><path d="M3.500 16.500c.75-3.500 3.250-5 6.500-5s5.750 1.500 6.500 5"/>`,
);
export const peopleIcon = icon(
  svg`<circle cx="7.500" cy="7.500" r="2.750"/><path d="M2.500 16c.5-3 2.250-4.250 5-4.250s4.500 1.250 5 4.250M13 5a2.750 2.750 0 0 1 0 5M14.500 12c1.750.5 2.750 1.750 3 4"/>`,
);
export const eyeIcon = icon(
  svg`<path d="M2.500 10C4.500 6.500 7 5 10 5s5.500 1.500 7.500 5c-2 3.500-4.500 5-7.500 5s-5.500-1.500-7.500-5Z"/><circle cx="10" cy="10" r="2.250"/>`,
);
export const eyeOffIcon = icon(
  svg`<path d="M2.500 10C4.500 6.500 7 5 10 5s5.500 1.500 7.500 5c-2 3.500-4.500 5-7.500 5s-5.500-1.500-7.500-5ZM4 16.500l12-13"/>`,
);
