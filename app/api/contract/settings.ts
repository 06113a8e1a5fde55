import type { ErrorEnvelope } from '../../../core/errors.ts';
import { settingsSchema, type Settings } from '../settings.ts';
import { method, nothing } from './method.ts';

export const settingsContract = {
  /** The settings, and the problem of their file if it was not valid. */
  'settings.get': method<{ settings: Settings; problem: ErrorEnvelope | null }>()(nothing),
  'settings.set': method<Settings>()(settingsSchema),
} as const;
