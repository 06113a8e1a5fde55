import {
  defaultProjectSettings,
  projectSettingsSchema,
  type ProjectSettings,
} from '../../core/project-settings.ts';
import type { RecordId } from '../../core/records.ts';
import type { Database } from '../database.ts';
import { parseStored } from '../sqlite/records/stored-json.ts';

/**
 * The settings; those that are absent, or that this version cannot read, have their defaults.
 * Locks of annotations that are gone are left out; they are forgotten when locks are changed next.
 */
export function readSettings(database: Database): ProjectSettings {
  const stored = readStored(database);
  return { ...stored, lockedIds: idsOfAnnotations(database, stored.lockedIds) };
}

function readStored(database: Database): ProjectSettings {
  const { settings } = database.get<{ settings: string }>('SELECT settings FROM project')!;
  const stored = parseStored(settings) as Readonly<Record<string, unknown>> | null;
  const readable = Object.entries(projectSettingsSchema.shape).flatMap(([name, schema]) => {
    const parsed = schema.safeParse(stored?.[name]);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  return { ...defaultProjectSettings, ...Object.fromEntries(readable) };
}

/** Those of the ids that the project has annotations of. */
function idsOfAnnotations(database: Database, ids: readonly RecordId[]): RecordId[] {
  return database
    .all<{ id: RecordId }>(
      `SELECT value AS id FROM json_each(@ids) WHERE value IN (SELECT id FROM annotation) ORDER BY key`,
      { ids: JSON.stringify(ids) },
    )
    .map(({ id }) => id);
}

/** Changes some of the settings; answers all of them. */
export function changeSettings(
  database: Database,
  changed: Partial<ProjectSettings>,
): ProjectSettings {
  const settings = { ...readStored(database), ...changed };
  database.run('UPDATE project SET settings = @settings', { settings: JSON.stringify(settings) });
  return readSettings(database);
}
