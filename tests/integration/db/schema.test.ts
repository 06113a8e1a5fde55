import { onTestFinished, expect, test } from 'vitest';
import { Database } from '../../../db/database.ts';
import { temporaryProject } from './temporary-project.ts';

test('db/schema.sql shows the schema of a new project (vitest --update rewrites it)', async () => {
  const project = temporaryProject();
  project.close();
  const database = new Database(project.file, { mustExist: true });
  onTestFinished(() => database.close());
  // The tables behind virtual tables and AUTOINCREMENT are SQLite's own.
  const statements = database.all<{ sql: string }>(`
    SELECT sql FROM sqlite_schema
    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
      AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
    ORDER BY rowid`);
  const header = '-- Generated from a new project by tests/integration/db/schema.test.ts.\n';
  const pragmas = ['application_id', 'user_version'].map(
    (name) => `PRAGMA ${name} = ${String(database.pragma(name))};`,
  );
  const schema = [...pragmas, ...statements.map(({ sql }) => `${sql};`)].join('\n\n');
  await expect(`${header}\n${schema}\n`).toMatchFileSnapshot('../../../db/schema.sql');
});
