// What a search cannot find: scans that nobody has read yet, or could not read.
import { msg, str } from '@lit/localize';
import type { Manifest } from 'evolume';
import { type Explanation, explain } from '../words.ts';

/** Says it in the interface's language of the moment; `null` when the text of every page is known. */
export function unreadScans({ materials, unread }: Manifest): (() => Explanation) | null {
  let [pending, failed] = [0, 0];
  for (const { pages } of materials) {
    for (const { scan } of pages) {
      if (scan?.state === 'pending') pending += 1;
      if (scan?.state === 'failed') failed += 1;
    }
  }
  if (pending > 0) return () => (unread ? explain(unread) : notYet(pending));
  return failed > 0 ? () => explain('ocr.failed') : null;
}

function notYet(pending: number): Explanation {
  return {
    title: pending === 1 ? msg('1 页扫描件尚未识别') : msg(str`${pending} 页扫描件尚未识别`),
    advice: msg('识别后重新打开本卷即可搜索。'),
  };
}
