import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fromErrorEnvelope, toErrorEnvelope, type ErrorEnvelope } from '../../../core/errors.ts';
import { readPlainText } from '../../../models/plain-file.ts';
import { defaultSettings, settingsSchema, type Settings } from '../../api/settings.ts';
import { writeDurably } from '../../files/durable-file.ts';
import { toFileError } from '../../files/file-error.ts';
import { settingsFailure } from './sentences.ts';

/** The settings of a person, kept in one file of their data folder. */
export class SettingsFile {
  readonly #file: string;
  #writing: Promise<unknown> = Promise.resolve();

  /** @param home folder of the user's data, made when first needed. */
  constructor(home: string) {
    this.#file = join(home, 'settings.json');
  }

  /**
   * The settings, and what was wrong with their file. A file that cannot be used is put aside, not
   * overwritten, and the defaults stand in for it.
   */
  async read(): Promise<{ settings: Settings; problem: ErrorEnvelope | null }> {
    let found: string;
    try {
      found = await readPlainText(this.#file);
    } catch (thrown) {
      const error = toFileError(thrown, 'read the settings', this.#file);
      const problem = error.code === 'not-found' ? null : toErrorEnvelope(error);
      return { settings: defaultSettings, problem };
    }
    const parsed = parse(found);
    if (parsed.success) return { settings: parsed.data, problem: null };
    const aside = this.#file.replace(/\.json$/, '.unreadable.json');
    await rename(this.#file, aside).catch((thrown: unknown) => {
      throw toFileError(thrown, 'put aside the settings', this.#file);
    });
    const reason = z.prettifyError(parsed.error);
    const problem = settingsFailure('invalid-input', 'settingsUnusable', { aside, reason });
    return { settings: defaultSettings, problem: toErrorEnvelope(problem) };
  }

  /** The settings where their file can be used, else the defaults; nothing is put aside. */
  async peek(): Promise<Settings> {
    const parsed = parse(await readPlainText(this.#file).catch(() => ''));
    return parsed.success ? parsed.data : defaultSettings;
  }

  /**
   * Changes some of the settings; one change at a time, in the order of the calls. Changes of
   * another window stay.
   * @returns all settings after it
   * @throws AppError `permission-denied`, `disk-full`.
   */
  change(changed: Partial<Settings>): Promise<Settings> {
    const written = this.#writing.then(() => this.#replace(changed));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #replace(changed: Partial<Settings>): Promise<Settings> {
    const { settings, problem } = await this.read();
    if (problem && problem.code !== 'invalid-input') throw fromErrorEnvelope(problem);
    const after = { ...settings, ...changed };
    try {
      await writeDurably(this.#file, JSON.stringify(after, null, 2));
    } catch (thrown) {
      throw toFileError(thrown, 'write the settings', this.#file);
    }
    return after;
  }
}

function parse(found: string) {
  let value: unknown;
  try {
    value = JSON.parse(found);
  } catch {
    value = 'no JSON';
  }
  return settingsSchema.safeParse(value);
}
