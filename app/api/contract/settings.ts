import type { ErrorEnvelope } from '../../../core/errors.ts';
import { settingsChangeSchema, type Settings } from '../settings.ts';
import { method, nothing } from './method.ts';

export const settingsContract = {
  /** The settings, and the problem of their file if it was not valid. */
  'settings.get': method<{ settings: Settings; problem: ErrorEnvelope | null }>()(nothing),
  /** Changes some of the settings; answers all of them. */
  'settings.set': method<Settings>()(settingsChangeSchema),
} as const;
