import type { HostBridge } from '../app/api/contract.ts';

/** The path of a dropped folder; null where there is none or the host cannot know it. */
export function folderOfDrop(event: DragEvent, bridge: HostBridge): string | null {
  const file = event.dataTransfer?.files[0];
  return file && bridge.pathOfFile ? bridge.pathOfFile(file) : null;
}
