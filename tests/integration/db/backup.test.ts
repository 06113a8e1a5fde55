import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { AutomaticBackups } from '../../../app/features/project/automatic-backups.ts';
import { addition } from '../../../core/diff.ts';
import {
  backupName,
  listBackups,
  superfluousBackups,
  type BackupFile,
} from '../../../db/backup-files.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { makeAnnotation, makeImage } from './make-records.ts';
import { temporaryProject } from './temporary-project.ts';

function projectWithImage() {
  const project = temporaryProject();
  const image = makeImage(project.addFolder('photos').id);
  project.apply('Add', addition(image));
  return { project, image };
}

test('a backup is made while the process goes on', async () => {
  const { project, image } = projectWithImage();
  project.apply('Add', addition(...Array.from({ length: 2000 }, () => makeAnnotation(image.id))));
  const target = backupName(project.file, Date.now());
  const made = project.backup(target);
  const late = makeAnnotation(image.id);
  let [turns, isMade] = [0, false];
  void made.then(() => (isMade = true));
  for (; !isMade; turns++) await new Promise((resolve) => setImmediate(resolve));
  project.apply('Draw', addition(late));
  expect(turns).toBeGreaterThan(2);
  const copy = openProjectDatabase(target);
  expect([copy.annotationCount(), copy.check()]).toEqual([2000, []]);
  copy.close();
  expect(project.annotationCount()).toBe(2001);
});

test('before large steps the project is copied, unless it is as it was copied last', async () => {
  const { project, image } = projectWithImage();
  const automatic = () => listBackups(project.file).filter((backup) => backup.isAutomatic);
  const backups = new AutomaticBackups(project);
  await backups.beforeLargeStep();
  await backups.beforeLargeStep();
  expect(automatic()).toHaveLength(1);
  project.apply('Draw', addition(makeAnnotation(image.id)));
  await Promise.all([backups.beforeLargeStep(), backups.beforeLargeStep()]);
  expect(automatic()).toHaveLength(2);
  await backups.stop();

  project.close();

  // Closing moves the log into the file, which is then newer than its copy; opening and closing
  // alone do not.
  const counts: number[] = [];
  for (let session = 0; session < 3; session++) {
    const again = openProjectDatabase(project.file);
    const later = new AutomaticBackups(again);
    await later.beforeLargeStep();
    await later.stop();
    again.close();
    counts.push(automatic().length);
  }
  expect(new Set(counts).size).toBe(1);
});

test('once a day the project is copied, where it was changed', async () => {
  const { project } = projectWithImage();
  const old = join(dirname(project.file), 'test.backup-auto-2020-01-01T00-00-00-000Z.pixelsail');
  writeFileSync(old, '');
  utimesSync(old, 1_577_836_800, 1_577_836_800);
  const backups = new AutomaticBackups(project);
  await backups.daily();
  await backups.daily();
  await backups.stop();
  expect(listBackups(project.file)).toHaveLength(2);
});

test('a project in which nobody has done anything is not copied', async () => {
  const project = temporaryProject();
  const backups = new AutomaticBackups(project);
  await backups.beforeLargeStep();
  await backups.stop();
  expect(listBackups(project.file)).toEqual([]);
});

test('what a killed process left of a backup is not listed, and deleted when the project is opened', async () => {
  const { project } = projectWithImage();
  const part = `${backupName(project.file, Date.now(), 'auto')}.part`;
  writeFileSync(part, 'half');
  expect(listBackups(project.file)).toEqual([]);
  await new AutomaticBackups(project).stop();
  expect(readdirSync(dirname(project.file))).not.toContain(basename(part));
});

test('of the automatic backups the newest five, one a day for two weeks and one a week for eight weeks are kept', () => {
  const dayMs = 86_400_000;
  const nowMs = 1_000 * dayMs;
  const every = (hours: number, isAutomatic: boolean): BackupFile[] =>
    Array.from({ length: 2400 / hours }, (_, index) => {
      const writtenAtMs = nowMs - index * hours * 3_600_000;
      return { file: `${isAutomatic} ${index * hours}`, writtenAtMs, bytes: 1, isAutomatic };
    });
  const automatic = every(6, true);
  const byHand = every(240, false);
  const superfluous = superfluousBackups([...automatic, ...byHand], nowMs);
  expect(superfluous.every((backup) => backup.isAutomatic)).toBe(true);
  const kept = automatic.filter((backup) => !superfluous.includes(backup));
  const hoursAgo = kept.map(({ writtenAtMs }) => (nowMs - writtenAtMs) / 3_600_000);
  const days = Array.from({ length: 14 }, (_, day) => day * 24);
  const weeks = Array.from({ length: 8 }, (_, week) => week * 168);
  const expected = new Set([0, 6, 12, 18, 24, ...days, ...weeks]);
  expect(new Set(hoursAgo)).toEqual(expected);
});

test('steps that change many records are told from those that change few', () => {
  const { project, image } = projectWithImage();
  const many = Array.from({ length: 5000 }, () => makeAnnotation(image.id));
  const { stepId: small } = project.apply('Draw', addition(makeAnnotation(image.id)));
  const { stepId: large } = project.apply('Import', addition(...many));
  expect([project.isLargeStep('undo'), project.isLargeStep('redo')]).toEqual([true, false]);
  expect([project.isLargeStep(small), project.isLargeStep(large)]).toEqual([true, false]);
  project.undo();
  expect([project.isLargeStep('undo'), project.isLargeStep('redo')]).toEqual([false, true]);
  expect([project.isLargeStep(0), project.isLargeStep(large)]).toEqual([false, true]);
}, 60_000);
