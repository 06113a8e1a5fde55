import { Database } from './database.ts';
import { migrations } from './migrate.ts';
import { projectFileFailure } from './project-file-sentences.ts';

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly sql: string | null;
}

/**
 * Compares the tables, indexes, views and triggers of a project file, word for word, with those
 * that our own migrations make up to its version. A stranger's trigger or view would run, and
 * might never end, when its table is touched; reading the schema runs nothing.
 * @throws AppError `database-from-future`; `database-corrupt`, naming the first thing that differs.
 */
export function refuseForeignSchema(database: Database): void {
  const found = Number(database.pragma('user_version'));
  const newest = migrations.at(-1)!.version;
  const { file } = database;
  if (found > newest) {
    throw projectFileFailure('database-from-future', 'projectFromFuture', { file, found, newest });
  }
  if (!migrations.some(({ version }) => version === found)) {
    throw projectFileFailure('database-corrupt', 'projectVersionForeign', { file, found });
  }
  const [foundRows, ownRows] = [schemaOf(database), schemaOfVersion(found)];
  for (const [name, sql] of [...foundRows, ...ownRows]) {
    if (foundRows.get(name) === ownRows.get(name) || statistics.get(name) === sql) continue;
    throw projectFileFailure('database-corrupt', 'projectSchemaForeign', { file, name });
  }
}

/** Tables that ANALYZE of any program adds to a file: statistics for the query planner. */
const statistics: ReadonlyMap<string, string> = new Map([
  ['table sqlite_stat1', 'CREATE TABLE sqlite_stat1(tbl,idx,stat)'],
  ['table sqlite_stat4', 'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)'],
]);

function schemaOf(database: Database): Map<string, string> {
  const rows = database.all<SchemaRow>('SELECT type, name, sql FROM sqlite_schema');
  return new Map(rows.map(({ type, name, sql }) => [`${type} ${name}`, sql ?? '']));
}

const ownSchemas = new Map<number, Map<string, string>>();

function schemaOfVersion(version: number): Map<string, string> {
  const known = ownSchemas.get(version);
  if (known) return known;
  const empty = new Database(':memory:', { mustExist: false });
  try {
    for (const migration of migrations) if (migration.version <= version) migration.up(empty);
    const schema = schemaOf(empty);
    ownSchemas.set(version, schema);
    return schema;
  } finally {
    empty.close();
  }
}
