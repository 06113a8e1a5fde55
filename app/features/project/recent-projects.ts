import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RecentProject } from '../../api/contract/project.ts';
import { readJson, writeDurably } from '../../files/durable-file.ts';

const schema = z.array(z.object({ file: z.string(), name: z.string(), openedAtMs: z.number() }));
const maximumRecent = 20;

/** The list of projects opened before, kept in the user's folder. */
export class RecentProjects {
  readonly #file: string;

  /** @param home folder of the user's data, made when first needed. */
  constructor(home: string) {
    this.#file = join(home, 'recent-projects.json');
  }

  /** Newest first; those whose file is gone (perhaps with a disk that is not plugged in) say so. */
  async list(): Promise<RecentProject[]> {
    const projects = await this.#read();
    return projects.map((project) => ({ ...project, isMissing: !existsSync(project.file) }));
  }

  /** Puts a project on top. */
  async remember({ file, name }: { readonly file: string; readonly name: string }): Promise<void> {
    const others = (await this.#read()).filter((project) => project.file !== file);
    await this.#write([{ file, name, openedAtMs: Date.now() }, ...others].slice(0, maximumRecent));
  }

  /** Takes a project off the list; its file is left alone. */
  async forget(file: string): Promise<void> {
    await this.#write((await this.#read()).filter((project) => project.file !== file));
  }

  async #read(): Promise<z.infer<typeof schema>> {
    return (await readJson(this.#file, schema)) ?? [];
  }

  #write(projects: z.infer<typeof schema>): Promise<void> {
    return writeDurably(this.#file, JSON.stringify(projects, null, 2));
  }
}
