// All that marks need in the interface; loaded when the page is there.
import './mark-bar.ts';
import './mark-list.ts';

export { Marks } from './marks.ts';
