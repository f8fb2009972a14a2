// Names in index.html what the first paint needs, so that it is fetched before any script has run, and puts the
// style in, which is a request less.
import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';

export function preloads(): Plugin {
  return {
    name: 'preloads',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const files = Object.keys(bundle);
        const wasm = files.filter((file) => /\/viewer_bg-[^/]*\.wasm$/.test(file));
        const app = files.filter((file) => /\/app-[^/]*\.js$/.test(file));
        const modules = new Set(app.flatMap((file) => [file, ...importsOf(bundle, file)]));
        const tags = [
          ...wasm.map((file) =>
            link({ rel: 'preload', as: 'fetch', type: 'application/wasm' }, file),
          ),
          // Vite has already named what the entry itself imports.
          ...[...modules]
            .filter((file) => !html.includes(file))
            .map((file) => link({ rel: 'modulepreload' }, file)),
        ];
        return { html: withStyle(html, bundle), tags };
      },
    },
  };
}

/** All that a script imports statically, at any remove. */
function importsOf(bundle: Rolldown.OutputBundle, file: string): string[] {
  const chunk = bundle[file];
  if (chunk?.type !== 'chunk') return [];
  return chunk.imports.flatMap((imported) => [imported, ...importsOf(bundle, imported)]);
}

function link(attrs: Record<string, string>, file: string): HtmlTagDescriptor {
  return {
    tag: 'link',
    attrs: { ...attrs, crossorigin: true, href: `./${file}` },
    injectTo: 'head',
  };
}

/** The document with its style sheets in it. */
function withStyle(html: string, bundle: Rolldown.OutputBundle): string {
  return html.replace(/<link rel="stylesheet"[^>]* href="\.\/([^"]+)">/g, (tag, file: string) => {
    const sheet = bundle[file];
    return sheet?.type === 'asset' ? `<style>${String(sheet.source)}</style>` : tag;
  });
}
