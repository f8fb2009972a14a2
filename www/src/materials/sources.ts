// What a material is when its file is neither a PDF nor an image, and where the file itself is.
import { msg } from '@lit/localize';
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
  return type === 'text/html' ? msg('网页') : msg('文本');
}

/** The address of the file as received. */
export function originalUrl(manifest: Manifest, material: Material): string {
  return `${volumeUrl(manifest.volume)}/materials/${material.id}/original`;
}
