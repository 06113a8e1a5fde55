import type { ErrorEnvelope } from '../../../core/errors.ts';
import { settingsSchema, type Settings } from '../settings.ts';
import { method, nothing } from './method.ts';

export const settingsContract = {
  /** What the person chose, and what was wrong with the file of it where it could not be used. */
  'settings.get': method<{ settings: Settings; problem: ErrorEnvelope | null }>()(nothing),
  'settings.set': method<Settings>()(settingsSchema),
} as const;
