// Web Awesome's menu, set up to take its icons from here and never from a network that may not exist.
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import check from './check.svg?url&no-inline';

// Its own system icons are data: addresses, which the content security policy forbids to fetch.
registerIconLibrary('system', { resolver: (name) => (name === 'check' ? check : '') });
