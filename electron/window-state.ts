import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeDurablyAtOnce } from '../app/files/durable-file.ts';

const boundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
const stateSchema = z.object({ bounds: boundsSchema, isMaximized: z.boolean() });

/** A rectangle on the desktop, in device-independent pixels. */
export type Bounds = z.infer<typeof boundsSchema>;
export type WindowState = z.infer<typeof stateSchema>;

const usual = { width: 1440, height: 900 };

/** The part of a window that must be visible so that it can be dragged. */
const grip = { width: 120, height: 32 };

/**
 * Where the window opens: as it was left, moved or shrunk where its display is smaller now, and in
 * the middle of the first display where its own is gone.
 * @param workAreas of the displays that are there, the primary one first
 */
export function placeWindow(saved: WindowState | null, workAreas: readonly Bounds[]): Bounds {
  const [primary] = workAreas;
  const area = saved && workAreas.find((candidate) => holdsGrip(candidate, saved.bounds));
  if (!saved || !area) return inMiddle(primary ?? { x: 0, y: 0, ...usual });
  const width = Math.min(saved.bounds.width, area.width);
  const height = Math.min(saved.bounds.height, area.height);
  return {
    x: clamp(saved.bounds.x, area.x, area.x + area.width - width),
    y: clamp(saved.bounds.y, area.y, area.y + area.height - height),
    width,
    height,
  };
}

function holdsGrip(area: Bounds, { x, y, width }: Bounds): boolean {
  const seen = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return seen >= grip.width && y >= area.y - 1 && y + grip.height <= area.y + area.height;
}

function inMiddle(area: Bounds): Bounds {
  const width = Math.min(usual.width, area.width);
  const height = Math.min(usual.height, area.height);
  return {
    x: Math.round(area.x + (area.width - width) / 2),
    y: Math.round(area.y + (area.height - height) / 2),
    width,
    height,
  };
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.max(lowest, Math.min(value, highest));
}

/** Null where there is none, or none that can be read. */
export function readWindowState(file: string): WindowState | null {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/**
 * Writes the whole state or leaves the old one; at once, for it is written while the program ends.
 */
export function writeWindowState(file: string, state: WindowState): void {
  writeDurablyAtOnce(file, JSON.stringify(state));
}
