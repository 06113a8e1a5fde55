/** How one written object differs from its original. */
export interface ProofRow {
  /** Export id of the annotation. */
  readonly id: number;
  /** IoU of the mask that a reader decodes with the original mask. */
  readonly iou: number;
  /** Written minus original area, in pixels. */
  readonly areaDeviation: number;
  /** The largest difference between an edge of the written and of the original box, in pixels. */
  readonly bboxDeviation: number;
  /** A contradiction in the row as a clause; null without one. */
  readonly problem: string | null;
}

/** The result of reading an export back. */
export interface ExportProof {
  readonly images: number;
  readonly objects: number;
  /** Objects whose mask, area and box are exactly the original's. */
  readonly exact: number;
  /** 1 when there are no objects. */
  readonly minimumIou: number;
  readonly meanIou: number;
  readonly largestAreaDeviation: number;
  readonly largestBboxDeviation: number;
  /** The objects that differ most, worst first, ten at most. */
  readonly worst: readonly ProofRow[];
  /** Export ids of annotations that should have been written but were not found. */
  readonly missing: readonly number[];
  /** Read annotations without an exported counterpart: ids, or places without an id. */
  readonly extra: readonly (number | string)[];
  /** Problems of the images, as sentences. */
  readonly imageProblems: readonly string[];
  /**
   * Whether everything is there, agrees with itself, and no IoU is below what the export promised.
   */
  readonly ok: boolean;
}

const worstRows = 10;

/** Gathers what each object has shown, and holds no more of them than the worst. */
export class ProofTally {
  #worst: ProofRow[] = [];
  #objects = 0;
  #exact = 0;
  #problems = 0;
  #minimumIou = 1;
  #sumOfIous = 0;
  #largestAreaDeviation = 0;
  #largestBboxDeviation = 0;

  count(row: ProofRow): void {
    const { iou, areaDeviation, bboxDeviation, problem } = row;
    const isExact = iou === 1 && areaDeviation === 0 && bboxDeviation === 0 && problem === null;
    this.#objects++;
    this.#minimumIou = Math.min(this.#minimumIou, iou);
    this.#sumOfIous += iou;
    this.#largestAreaDeviation = Math.max(this.#largestAreaDeviation, Math.abs(areaDeviation));
    this.#largestBboxDeviation = Math.max(this.#largestBboxDeviation, bboxDeviation);
    if (problem !== null) this.#problems++;
    if (isExact) {
      this.#exact++;
    } else {
      this.#worst = [...this.#worst, row].sort(byBadness).slice(0, worstRows);
    }
  }

  /** @param promisedIou IoU that no object may fall below */
  proof(
    found: Pick<ExportProof, 'images' | 'missing' | 'extra' | 'imageProblems'>,
    promisedIou: number,
  ): ExportProof {
    return {
      ...found,
      objects: this.#objects,
      exact: this.#exact,
      minimumIou: this.#minimumIou,
      meanIou: this.#objects === 0 ? 1 : this.#sumOfIous / this.#objects,
      largestAreaDeviation: this.#largestAreaDeviation,
      largestBboxDeviation: this.#largestBboxDeviation,
      worst: this.#worst,
      ok:
        found.missing.length === 0 &&
        found.extra.length === 0 &&
        found.imageProblems.length === 0 &&
        this.#problems === 0 &&
        this.#minimumIou >= promisedIou,
    };
  }
}

function byBadness(a: ProofRow, b: ProofRow): number {
  const withProblemFirst = Number(b.problem !== null) - Number(a.problem !== null);
  return withProblemFirst || a.iou - b.iou || b.bboxDeviation - a.bboxDeviation;
}
