import type { RegionStatistic } from '../core/project/region-statistic.ts';
import { imagesOfStatistic, regionStatistics } from './repositories/region-statistics.ts';
import type { AppError } from '../core/errors.ts';
import type { ProjectSettings } from '../core/project-settings.ts';
import type {
  Annotation,
  Category,
  ImageRecord,
  Item,
  Person,
  RecordId,
  Review,
} from '../core/records.ts';
import type { TaskId } from '../core/tasks/registry.ts';
import type { ScoreOutcome, ScoreRow, ScoreRowQuery, ScoreRun } from '../core/scores/run.ts';
import { checkDatabase } from './check.ts';
import { comparedItem, mostCompared } from './compared-items.ts';
import type { Database } from './database.ts';
import type {
  CategoryCount,
  ComparedItem,
  ImageCount,
  HistoryStep,
  ImageFolder,
  ImageQuery,
  ImageRow,
  RegionStatistics,
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
  hasAnnotationWithoutArea,
  storedAnnotationsOfImage,
  findAnnotation,
  type StoredAnnotation,
} from './sqlite/records/annotation.ts';
import { allCategories } from './sqlite/records/category.ts';
import { allFolders } from './repositories/folders.ts';
import { countImages, listImages, pageOfImages, placeOfImage } from './repositories/image-list.ts';
import { findImage, findImagesByPath, imagesAfter } from './sqlite/records/image.ts';
import {
  findItem,
  itemsOfAnnotations,
  itemsOfImage,
  itemTable,
  newestItems,
} from './sqlite/records/item.ts';
import { reviewsOfImage, reviewsOfItems, reviewTable } from './sqlite/records/review.ts';
import {
  listSteps,
  oldestUndoneStep,
  redoTarget,
  stateChanges,
  undoTarget,
} from './repositories/journal.ts';
import { inPages } from './repositories/pages.ts';
import { allPeople } from './repositories/people.ts';
import { allRuns, findRun, newestRowOf, outcomesOfRun, rowsOfRun } from './repositories/scores.ts';
import {
  pageOfWaitingRegions,
  type WaitingRegionPage,
  type WaitingRegionQuery,
} from './repositories/waiting-regions.ts';
import { readSettings } from './repositories/project-settings.ts';
import {
  countCategories,
  countImagesOf,
  countProject,
  countTrainable,
} from './repositories/statistics.ts';

/** {@link ProjectReader} on a connection. */
export class SqliteProjectReader implements ProjectReader {
  protected readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** The connection to read on. */
  protected get readable(): Database {
    return this.database;
  }

  /** Windows whose steps undo and redo pass over. */
  protected get others(): readonly string[] {
    return [];
  }

  get file(): string {
    return this.database.file;
  }

  get name(): string {
    return this.readable.get<{ name: string }>('SELECT name FROM project')!.name;
  }

  get createdAtMs(): number {
    const sql = 'SELECT created_at_ms AS createdAtMs FROM project';
    return this.readable.get<{ createdAtMs: number }>(sql)!.createdAtMs;
  }

  settings(): ProjectSettings {
    return readSettings(this.readable);
  }

  get canUndo(): boolean {
    return undoTarget(this.readable, this.others) !== null;
  }

  get canRedo(): boolean {
    const undone = oldestUndoneStep(this.readable, this.others);
    return undone !== null || redoTarget(this.readable, this.others) !== null;
  }

  history({ before = Number.MAX_SAFE_INTEGER, limit = 100 } = {}): HistoryStep[] {
    return listSteps(this.readable, before, limit);
  }

  folders(): ImageFolder[] {
    return allFolders(this.readable);
  }

  categories(): Category[] {
    return allCategories(this.readable).map(({ category }) => category);
  }

  image(id: RecordId): ImageRecord | null {
    return findImage(this.readable, id);
  }

  images(query: ImageQuery = {}): ImageRow[] {
    return listImages(this.readable, query);
  }

  imagePage(query: ImageQuery = {}): { total: number; rows: ImageRow[] } {
    return pageOfImages(this.readable, query);
  }

  imageCount(query: ImageQuery = {}): number {
    return countImages(this.readable, query);
  }

  imagePlace(id: RecordId, query: ImageQuery = {}): number | null {
    return placeOfImage(this.readable, id, query);
  }

  waitingRegions(query: WaitingRegionQuery): WaitingRegionPage {
    return pageOfWaitingRegions(this.readable, query);
  }

  imageByPath(folderId: RecordId, path: string): ImageRecord | null {
    return this.imagesByPath(folderId, [path]).get(path) ?? null;
  }

  imagesByPath(folderId: RecordId, paths: readonly string[]): ReadonlyMap<string, ImageRecord> {
    return findImagesByPath(this.readable, folderId, paths);
  }

  annotation(id: RecordId): Annotation | null {
    return findAnnotation(this.readable, id);
  }

  annotations(imageId: RecordId): Annotation[] {
    return annotationsOfImage(this.readable, imageId);
  }

  annotationsInBox(
    imageId: RecordId,
    box: readonly [number, number, number, number],
  ): Annotation[] {
    return annotationsInBox(this.readable, imageId, box);
  }

  items(imageId: RecordId): Item[] {
    return itemsOfImage(this.readable, imageId);
  }

  itemsOfAnnotations(ids: readonly RecordId[]): ReadonlyMap<RecordId, Item[]> {
    return itemsOfAnnotations(this.readable, ids);
  }

  item(id: RecordId): Item | null {
    return findItem(this.readable, id);
  }

  *exportReviews(): IterableIterator<Review> {
    yield* reviewTable.all(this.readable);
  }

  comparedItems(task: TaskId): ComparedItem[] {
    return newestItems(this.readable, task, mostCompared).map(comparedItem);
  }

  reviews(imageId: RecordId): Review[] {
    return reviewsOfImage(this.readable, imageId);
  }

  reviewsOfItems(ids: readonly RecordId[]): Review[] {
    return reviewsOfItems(this.readable, ids);
  }

  people(): Person[] {
    return allPeople(this.readable);
  }

  scoreRuns(): ScoreRun[] {
    return allRuns(this.readable);
  }

  scoreRun(id: string): ScoreRun | null {
    return findRun(this.readable, id);
  }

  scoreRows(runId: string, query: ScoreRowQuery): ScoreRow[] {
    return rowsOfRun(this.readable, runId, query);
  }

  newestScoreOf(itemId: RecordId): ReturnType<ProjectReader['newestScoreOf']> {
    return newestRowOf(this.readable, itemId);
  }

  scoreOutcomes(runId: string): ScoreOutcome[] {
    return outcomesOfRun(this.readable, runId);
  }

  annotationCount(): number {
    return countAnnotations(this.readable);
  }

  hasAnnotationWithoutArea(): boolean {
    return hasAnnotationWithoutArea(this.readable);
  }

  annotationsOfCategory(
    categoryId: RecordId,
    limit: number,
    after: RecordId | null = null,
  ): Annotation[] {
    return annotationsOfCategory(this.readable, categoryId, limit, after);
  }

  imageCounts(categoryId: RecordId | null): ImageCount[] {
    return countImagesOf(this.readable, categoryId);
  }

  categoryCounts(): CategoryCount[] {
    return countCategories(this.readable);
  }

  trainableImages(): number {
    return countTrainable(this.readable);
  }

  counts(): ProjectCounts {
    return countProject(this.readable);
  }

  regionStatistics(): RegionStatistics {
    return regionStatistics(this.readable);
  }

  imagesOfStatistic(of: RegionStatistic): RecordId[] {
    return imagesOfStatistic(this.readable, of);
  }

  stateChanges(): StateChange[] {
    return stateChanges(this.readable);
  }

  exportImages(): IterableIterator<{ exportId: number; image: ImageRecord; annotations: number }> {
    return inPages((after, limit) => imagesAfter(this.readable, after, limit));
  }

  *exportItems(): IterableIterator<Item> {
    yield* itemTable.all(this.readable);
  }

  exportAnnotations(): IterableIterator<{
    exportId: number;
    imageExportId: number;
    categoryExportId: number | null;
    annotation: Annotation;
  }> {
    return inPages((after, limit) => annotationsAfter(this.readable, after, limit));
  }

  exportAnnotationsOf(imageId: RecordId): StoredAnnotation[] {
    return storedAnnotationsOfImage(this.readable, imageId);
  }

  exportCategories(): { exportId: number; category: Category }[] {
    return allCategories(this.readable);
  }

  check(): AppError[] {
    return checkDatabase(this.readable);
  }
}
