// What is known of the text of pages: where it comes from, and what a search cannot find because nobody has read it.
import { msg, str } from '@lit/localize';
import type { Manifest, Material, Page } from 'evolume';
import { type Explanation, explain } from '../problems.ts';

/** Says it in the interface's language of the moment; `null` when the text of every page is known. */
export function unreadScans({ materials, unread }: Manifest): (() => Explanation) | null {
  let [pending, read, failed] = [0, 0, 0];
  for (const { pages } of materials) {
    for (const { scan } of pages) {
      if (scan?.state === 'pending') pending += 1;
      if (scan?.state === 'read') read += 1;
      if (scan?.state === 'failed') failed += 1;
    }
  }
  const total = pending + read + failed;
  if (pending > 0) return () => (unread ? explain(unread) : underWay(read + failed, total));
  return failed > 0 ? () => explain('ocr.failed') : null;
}

/** Where a page's text comes from, or why it is not there; a page that cannot be shown says so elsewhere. */
export function textOrigin({ recording }: Material, page: Page | undefined): string | null {
  if (!page || page.problem || recording) return null;
  const { scan, text } = page;
  if (scan?.state === 'pending') return text ? msg('其余文字尚未识别') : msg('文字尚未识别');
  if (scan?.state === 'failed') return msg('文字未能识别');
  if (text === 'both') return msg('文字出自 PDF，其余由识别而得');
  // Before it was noted, a page was recognised only when it had no text of its own.
  return text === 'pdf' || !scan ? msg('文字出自 PDF') : msg('文字由识别而得');
}

function underWay(done: number, total: number): Explanation {
  return {
    title: msg(str`扫描件已识别 ${done}/${total} 页`),
    advice: msg('识别完的页随即可以搜索。'),
  };
}
