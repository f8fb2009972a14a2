// Names in index.html what the first paint needs, so that it is fetched before any script has run.
import type { HtmlTagDescriptor, Plugin } from 'vite';

export function preloads(): Plugin {
  return {
    name: 'preloads',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const tags: HtmlTagDescriptor[] = [];
        for (const file of Object.keys(bundle ?? {})) {
          if (/\/viewer_bg-[^/]*\.wasm$/.test(file)) {
            tags.push(link({ rel: 'preload', as: 'fetch', type: 'application/wasm' }, file));
          } else if (/\/app-[^/]*\.js$/.test(file)) {
            tags.push(link({ rel: 'modulepreload' }, file));
          }
        }
        return tags;
      },
    },
  };
}

function link(attrs: Record<string, string>, file: string): HtmlTagDescriptor {
  return {
    tag: 'link',
    attrs: { ...attrs, crossorigin: true, href: `./${file}` },
    injectTo: 'head',
  };
}
