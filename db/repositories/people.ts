import type { Person } from '../../core/records.ts';
import type { Database } from '../database.ts';

/** Persons who worked on the project, by name. */
export function allPeople(database: Database): Person[] {
  return database
    .all<Person>('SELECT id, name FROM person ORDER BY name, id')
    .map((row) => ({ ...row }));
}

/** Makes a person known to the project; one that is known keeps the name. */
export function addPerson(database: Database, { id, name }: Person): void {
  database.run('INSERT INTO person (id, name) VALUES (@id, @name) ON CONFLICT DO NOTHING', {
    id,
    name,
  });
}
