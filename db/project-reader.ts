import type { AppError } from '../core/errors.ts';
import type { ProjectSettings } from '../core/project-settings.ts';
import type { Annotation, Category, ImageRecord, RecordId } from '../core/records.ts';
import { checkDatabase } from './check.ts';
import type { Database } from './database.ts';
import type {
  CategoryCount,
  HistoryStep,
  ImageFolder,
  ImageQuery,
  ImageRow,
  ProjectCounts,
  ProjectReader,
  StateChange,
} from './project.ts';
import {
  annotationsAfter,
  annotationsOfCategory,
  annotationsInBox,
  annotationsOfImage,
  countAnnotations,
  findAnnotation,
} from './repositories/annotations.ts';
import { allCategories } from './repositories/categories.ts';
import { allFolders } from './repositories/folders.ts';
import { countImages, listImages, placeOfImage } from './repositories/image-list.ts';
import { findImage, findImageByPath, imagesAfter } from './repositories/images.ts';
import { hasStep, listSteps, stateChanges } from './repositories/journal.ts';
import { inPages } from './repositories/pages.ts';
import { readSettings } from './repositories/project-settings.ts';
import { countCategories, countProject, countTrainable } from './repositories/statistics.ts';

/** {@link ProjectReader} on a connection. */
export class SqliteProjectReader implements ProjectReader {
  protected readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  get file(): string {
    return this.database.file;
  }

  get name(): string {
    return this.database.get<{ name: string }>('SELECT name FROM project')!.name;
  }

  get createdAtMs(): number {
    const sql = 'SELECT created_at_ms AS createdAtMs FROM project';
    return this.database.get<{ createdAtMs: number }>(sql)!.createdAtMs;
  }

  settings(): ProjectSettings {
    return readSettings(this.database);
  }

  get canUndo(): boolean {
    return hasStep(this.database, true);
  }

  get canRedo(): boolean {
    return hasStep(this.database, false);
  }

  history({ before = Number.MAX_SAFE_INTEGER, limit = 100 } = {}): HistoryStep[] {
    return listSteps(this.database, before, limit);
  }

  folders(): ImageFolder[] {
    return allFolders(this.database);
  }

  categories(): Category[] {
    return allCategories(this.database).map(({ category }) => category);
  }

  image(id: RecordId): ImageRecord | null {
    return findImage(this.database, id);
  }

  images(query: ImageQuery = {}): ImageRow[] {
    return listImages(this.database, query);
  }

  imageCount(query: ImageQuery = {}): number {
    return countImages(this.database, query);
  }

  imagePlace(id: RecordId, query: ImageQuery = {}): number | null {
    return placeOfImage(this.database, id, query);
  }

  imageByPath(folderId: RecordId, path: string): ImageRecord | null {
    return findImageByPath(this.database, folderId, path);
  }

  annotation(id: RecordId): Annotation | null {
    return findAnnotation(this.database, id);
  }

  annotations(imageId: RecordId): Annotation[] {
    return annotationsOfImage(this.database, imageId);
  }

  annotationsInBox(
    imageId: RecordId,
    box: readonly [number, number, number, number],
  ): Annotation[] {
    return annotationsInBox(this.database, imageId, box);
  }

  annotationCount(): number {
    return countAnnotations(this.database);
  }

  annotationsOfCategory(categoryId: RecordId, limit: number): Annotation[] {
    return annotationsOfCategory(this.database, categoryId, limit);
  }

  categoryCounts(): CategoryCount[] {
    return countCategories(this.database);
  }

  trainableImages(): number {
    return countTrainable(this.database);
  }

  counts(): ProjectCounts {
    return countProject(this.database);
  }

  stateChanges(): StateChange[] {
    return stateChanges(this.database);
  }

  exportImages(): IterableIterator<{ exportId: number; image: ImageRecord; annotations: number }> {
    return inPages((after, limit) => imagesAfter(this.database, after, limit));
  }

  exportAnnotations(): IterableIterator<{
    exportId: number;
    imageExportId: number;
    categoryExportId: number | null;
    annotation: Annotation;
  }> {
    return inPages((after, limit) => annotationsAfter(this.database, after, limit));
  }

  exportCategories(): { exportId: number; category: Category }[] {
    return allCategories(this.database);
  }

  check(): AppError[] {
    return checkDatabase(this.database);
  }
}
