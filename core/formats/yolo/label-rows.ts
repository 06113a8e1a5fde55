import type { AppError } from '../../errors.ts';
import type { RowShape } from '../dataset-row.ts';
import { yoloProblem } from './sentences.ts';

/** A line of a file of labels. */
export interface LabelRow {
  /** From 1. */
  readonly line: number;
  /** The number of its class, or the name that DOTA has. */
  readonly category: number | string;
  readonly shape: RowShape;
  readonly unit: 'fraction' | 'pixel';
  readonly score: number | null;
  /** Fractions, with a visibility each where the dataset has them. */
  readonly keypoints: readonly number[];
  readonly isDifficult: boolean;
  readonly doubts: readonly AppError[];
}

/** A line that cannot be read. */
export interface WrongLine {
  readonly line: number;
  readonly problem: AppError;
}

export interface ReadLabels {
  readonly rows: readonly (LabelRow | WrongLine)[];
  readonly isMixed: boolean;
}

/** Reads the labels of an image. @param keypointColumns numbers of a pose dataset after each box */
export function readLabels(text: string, keypointColumns: number): ReadLabels {
  const rows: (LabelRow | WrongLine)[] = [];
  const seen = new Set<string>();
  const kinds = new Set<string>();
  text.split(/\r\n|\r|\n/).forEach((content, index) => {
    const trimmed = content.trim();
    if (trimmed === '' || dotaHeader.test(trimmed)) return;
    const line = index + 1;
    const columns = trimmed.split(/\s+/);
    const row = dotaRow(columns, line) ?? readRow(columns, line, keypointColumns);
    if (!('shape' in row)) {
      rows.push(row);
      return;
    }
    kinds.add(row.shape.kind);
    const isTwice = seen.has(trimmed);
    seen.add(trimmed);
    rows.push(isTwice ? { ...row, doubts: [...row.doubts, yoloProblem('yoloRowTwice', {})] } : row);
  });
  return { rows, isMixed: kinds.size > 1 };
}

/** Header lines of DOTA above the rows. */
const dotaHeader = /^(imagesource|gsd):/i;

function readRow(
  columns: readonly string[],
  line: number,
  keypointColumns: number,
): LabelRow | WrongLine {
  const wrong = (problem: AppError): WrongLine => ({ line, problem });
  if (columns.length < 5) return wrong(yoloProblem('yoloTooFewColumns', { found: columns.length }));
  const numbers = columns.map(Number);
  const odd = numbers.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) {
    return wrong(yoloProblem('yoloNotNumber', { found: columns[odd]!, column: odd + 1 }));
  }
  const [category, ...values] = numbers as [number, ...number[]];
  if (!(Number.isInteger(category) && category >= 0)) {
    return wrong(yoloProblem('yoloClassNotWhole', { found: columns[0]! }));
  }
  const isPose = keypointColumns > 0 && values.length === 4 + keypointColumns;
  const isBox = values.length === 4 || values.length === 5 || isPose;
  const hasScore = isBox ? values.length === 5 : values.length % 2 === 1;
  const coordinates = isBox ? values.slice(0, 4) : hasScore ? values.slice(0, -1) : values;
  const edges = isBox ? edgesOf(coordinates) : coordinates;
  const far = edges.find((value) => value < -1 || value > 2);
  if (far !== undefined) return wrong(yoloProblem('yoloNotFractions', { found: far }));
  if (isBox && !(coordinates[2]! > 0 && coordinates[3]! > 0)) {
    const found = columns.slice(3, 5).join(' x ');
    return wrong(yoloProblem('yoloBoxWithoutArea', { found }));
  }
  const outside = edges.find((value) => value < -tolerance || value > 1 + tolerance);
  const keypoints = isPose ? values.slice(4) : [];
  const doubts = [
    ...(outside === undefined ? [] : [yoloProblem('yoloClamped', { found: outside })]),
    ...(isPose ? [yoloProblem('yoloKeypointsKept', { count: keypointCount(keypoints) })] : []),
  ];
  const inside = edges.map((value) => Math.min(1, Math.max(0, value)));
  const shape: RowShape = isBox
    ? boxBetween(inside)
    : { kind: 'polygon', parts: [{ outer: inside, holes: [] }] };
  const score = hasScore ? values.at(-1)! : null;
  return { line, category, shape, unit: 'fraction', score, keypoints, isDifficult: false, doubts };
}

/** Six digits, as most tools write them, bring an edge this far outside. */
const tolerance = 1e-5;

function edgesOf([x, y, width, height]: readonly number[]): number[] {
  return [x! - width! / 2, y! - height! / 2, x! + width! / 2, y! + height! / 2];
}

function boxBetween([left, top, right, bottom]: readonly number[]): RowShape {
  return { kind: 'box', box: [left!, top!, right! - left!, bottom! - top!] };
}

function keypointCount(values: readonly number[]): number {
  return Math.floor(values.length / (values.length % 3 === 0 ? 3 : 2));
}

/**
 * `x1 y1 … x4 y4 name difficult`, in pixels, as DOTA and Roboflow's oriented boxes; null for other
 * rows.
 */
function dotaRow(columns: readonly string[], line: number): LabelRow | null {
  const [corners, name, difficult] = [columns.slice(0, 8), columns[8], columns[9]];
  if (columns.length < 9 || columns.length > 10 || Number.isFinite(Number(name))) return null;
  const outer = corners.map(Number);
  if (!outer.every(Number.isFinite)) return null;
  return {
    line,
    category: name!,
    shape: { kind: 'polygon', parts: [{ outer, holes: [] }] },
    unit: 'pixel',
    score: null,
    keypoints: [],
    isDifficult: Number(difficult ?? 0) > 0,
    doubts: [],
  };
}
