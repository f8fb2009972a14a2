// What a search cannot find: scans that nobody has read yet, or could not read.
import { msg, str } from '@lit/localize';
import type { Manifest } from 'evolume';
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

function underWay(done: number, total: number): Explanation {
  return {
    title: msg(str`扫描件已识别 ${done}/${total} 页`),
    advice: msg('识别完的页随即可以搜索。'),
  };
}
