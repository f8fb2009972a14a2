// What a material is when its file is neither a PDF nor an image, and where the file itself is.
import { msg, str } from '@lit/localize';
import type { Manifest, Material } from 'evolume';
import { clock } from '../parts/clock.ts';
import { volumeUrl } from '../route.ts';

/** What the material is when it is a recording, with its length when that is known. */
export function recordingName({ recording }: Material): string | null {
  if (!recording) return null;
  const name = recording.video ? msg('录像') : msg('录音');
  return recording.seconds ? `${name} ${clock(recording.seconds)}` : name;
}

/** What the file is called, or null where its pages are its own. */
export function sourceName(material: Material): string | null {
  if (!material.converted || material.repaired) return null;
  const { media_type: type } = material;
  if (/msword|wordprocessing/.test(type)) return 'Word';
  if (/ms-excel|spreadsheetml/.test(type)) return 'Excel';
  if (/ms-powerpoint|presentationml/.test(type)) return 'PowerPoint';
  if (type.includes('opendocument')) return 'OpenDocument';
  if (type === 'application/rtf') return 'RTF';
  if (type === 'application/vnd.ms-works') return 'Works';
  if (type === 'message/rfc822' || type.endsWith('ms-outlook')) return msg('邮件');
  if (type === 'multipart/related') return msg('网页');
  return type === 'text/html' ? msg('网页') : msg('文本');
}

/** What belongs to the material and is on none of its pages, and what it was taken from. */
export function remarks({ unseen, origin }: Material): string[] {
  const said: string[] = [];
  const { hidden_sheets: hidden = 0, attachments = 0 } = unseen ?? {};
  if (hidden > 0) said.push(msg(str`另有 ${hidden} 个隐藏的工作表`));
  if (attachments > 0) said.push(msg(str`附有 ${attachments} 个文件，列在其后`));
  if (origin) said.push(msg(str`来自 ${origin.file_name}`));
  return said;
}

/** What kind of recording it is, for who has to find a program that plays it. */
export function recordingFormat({ media_type: type }: Material): string | null {
  if (type === 'audio/x-silk') return msg('微信语音（SILK）');
  if (type === 'audio/amr') return msg('手机录音（AMR）');
  if (type === 'video/x-ms-asf') return 'Windows Media（WMA、WMV）';
  if (type === 'video/x-msvideo') return 'AVI';
  return null;
}

/** The address of what a browser plays. */
export function playableUrl(manifest: Manifest, material: Material): string {
  const copy = material.recording?.playable;
  if (!copy) return originalUrl(manifest, material);
  return `${volumeUrl(manifest.volume)}/blobs/${copy.blob.sha256}`;
}

/** The address of the file as received. */
export function originalUrl(manifest: Manifest, material: Material): string {
  return `${volumeUrl(manifest.volume)}/materials/${material.id}/original`;
}
