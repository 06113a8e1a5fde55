import {
  defaultProjectSettings,
  projectSettingsSchema,
  type ProjectSettings,
} from '../../core/project-settings.ts';
import type { Database } from '../database.ts';

/** The settings; those that are absent, or that this version cannot read, have their defaults. */
export function readSettings(database: Database): ProjectSettings {
  const { settings } = database.get<{ settings: string }>('SELECT settings FROM project')!;
  const parsed = projectSettingsSchema.partial().safeParse(JSON.parse(settings));
  const { modelId, lockedIds } = parsed.data ?? {};
  return {
    modelId: modelId ?? defaultProjectSettings.modelId,
    lockedIds: lockedIds ?? defaultProjectSettings.lockedIds,
  };
}

/** Changes some of the settings; answers all of them. */
export function changeSettings(
  database: Database,
  changed: Partial<ProjectSettings>,
): ProjectSettings {
  const settings = { ...readSettings(database), ...changed };
  database.run('UPDATE project SET settings = @settings', { settings: JSON.stringify(settings) });
  return settings;
}
