// Why a file of the reader's own cannot be opened.
import { msg } from '@lit/localize';
import type { Code } from 'evolume';
import { type Explanation, explain } from '../words.ts';

export function explainFile(code: Code): Explanation {
  switch (code) {
    case 'file.empty':
      return { title: msg('文件是空的'), advice: msg('请重新保存或下载此文件，然后再打开。') };
    case 'file.unreadable':
      return {
        title: msg('无法读取文件'),
        advice: msg('文件可能已被移动、删除或修改。请重新选择。'),
      };
    case 'file.unsupported':
      return {
        title: msg('不是 PDF 文件'),
        advice: msg('本机只能打开 PDF。其他格式请导入案件后阅读。'),
      };
    case 'file.too_large':
      return {
        title: msg('文件太大'),
        advice: msg('本机能打开的 PDF 不超过 128 MB。请导入案件后阅读。'),
      };
    case 'pdf.damaged':
      return { title: msg('PDF 已损坏'), advice: msg('此文件无法打开。请向提供者重新索取。') };
    default:
      return explain(code);
  }
}
