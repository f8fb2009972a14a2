// Opens a file of the reader's own: a small dialog while it is read, for its password, and when it cannot be.
import { EvolumeError, openLocal } from 'evolume';
import './dialog.ts';
import { shelve } from './shelf.ts';

/** Answers the id of the volume that it becomes, or null when nothing came of it. */
export async function openFile(file: File): Promise<string | null> {
  const dialog = document.createElement('ev-local-dialog');
  dialog.name = file.name;
  document.body.append(dialog);
  try {
    const volume = await openLocal(file, (wrong) => dialog.askPassword(wrong));
    if (!volume) return null;
    // Meanwhile the reader may have changed their mind.
    if (dialog.given) {
      volume.close();
      return null;
    }
    shelve(volume);
    return volume.manifest.volume;
  } catch (cause) {
    console.error(cause);
    await dialog.tell(EvolumeError.from(cause, 'pdf.damaged').code);
    return null;
  } finally {
    dialog.remove();
  }
}
