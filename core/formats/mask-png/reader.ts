import { AppError } from '../../errors.ts';
import { ClaimedNames } from '../claimed-names.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { AnnotationRow, DatasetRow } from '../dataset-row.ts';
import { rleArea } from '../../geometry/rle.ts';
import type { Rle } from '../../geometry/shapes.ts';
import { colorText, pngStart, readLabelImage, type LabelImage } from '../label-image.ts';
import { masksByValue } from '../masks-by-value.ts';
import { plainImageName } from '../photo-files.ts';
import { regionProblem } from '../region-sentences.ts';
import { doubt, loss } from '../row-notes.ts';
import { splitOfPath } from '../split-folders.ts';
import { isBackgroundName, readClassTable, tablePaths, type MaskClass } from './class-table.ts';
import { isMaskName, maskLayout } from './mask-files.ts';
import type { MaskReadOptions } from './options.ts';
import { maskProblem } from './sentences.ts';

/** Reads a folder of masks with a table of classes. */
export async function* readMasks(
  files: DatasetFiles,
  options: MaskReadOptions,
): AsyncGenerator<DatasetRow, void> {
  const paths = await files.list();
  let table: Table | null = null;
  for (const path of tablePaths(paths, files.given)) {
    try {
      table = new Table(await readClassTable(files, path));
      yield* categoriesOf(table, path, options);
      break;
    } catch (thrown) {
      const reason = (thrown as Error).message;
      yield doubt(path, maskProblem('maskTableUnreadable', { reason }));
    }
  }
  if (table === null) yield doubt(files.name, maskProblem('maskTableAbsent', {}));
  const layout = maskLayout(paths, await masksAmong(files, paths));
  for (const { mask, photos } of layout.ambiguous) {
    yield loss(mask, maskProblem('maskPhotosAlike', { paths: photos }));
  }
  for (const { mask, image } of layout.masks) {
    yield* readMask(files, mask, image, table, options);
  }
}

/** Those that are masks by their names; where none is, all palette and grey images. */
export async function masksAmong(
  files: DatasetFiles,
  paths: readonly string[],
): Promise<readonly string[]> {
  const named = paths.filter(isMaskName);
  if (named.length > 0) return named;
  const masks: string[] = [];
  for (const path of paths.filter((candidate) => /\.png$/i.test(candidate))) {
    const start = pngStart(await files.start(path));
    if (start && start.kind !== 'color') masks.push(path);
  }
  return masks;
}

class Table {
  readonly classes: readonly MaskClass[];
  readonly #byValue: ReadonlyMap<number | null, MaskClass>;
  readonly #byColor: ReadonlyMap<number | null, MaskClass>;
  readonly #ofValue = new ClaimedNames<number>();
  readonly #ofColor = new ClaimedNames<number>();

  constructor(classes: readonly MaskClass[]) {
    this.classes = classes;
    this.#byValue = new Map(classes.map((each) => [each.value, each]));
    this.#byColor = new Map(classes.map((each) => [each.color, each]));
    for (const { value, color, name } of classes) {
      if (value !== null) this.#ofValue.add(value, name);
      if (color !== null) this.#ofColor.add(color, name);
    }
  }

  /** @throws AppError whose message is a clause, where several classes have a value */
  #refuseValue(value: number): void {
    const names = this.#ofValue.sharedBy(value);
    const found = String(value);
    if (names) throw regionProblem('regionClassShared', { key: 'value', found, names });
  }

  /** @throws AppError whose message is a clause, where several classes have a colour */
  #refuseColor(color: number): void {
    const names = this.#ofColor.sharedBy(color);
    const found = colorText(color);
    if (names) throw regionProblem('regionClassShared', { key: 'color', found, names });
  }

  /**
   * Refuses a class that no mask can mean, because others have its value and its colour.
   * @throws AppError whose message is a clause
   */
  refuseUnreachable({ value, color }: MaskClass): void {
    const isOwnColor = color !== null && this.#ofColor.sharedBy(color) === null;
    if (value !== null && !isOwnColor) this.#refuseValue(value);
    if (value === null && color !== null) this.#refuseColor(color);
  }

  /**
   * @param color the colour of the value in the palette of the mask
   * @throws AppError whose message is a clause, where several classes are meant
   */
  withValue(value: number, color: number | undefined): MaskClass | undefined {
    this.#refuseValue(value);
    return this.#byValue.get(value) ?? (color === undefined ? undefined : this.withColor(color));
  }

  /** @throws AppError whose message is a clause, where several classes are meant */
  withColor(color: number): MaskClass | undefined {
    this.#refuseColor(color);
    return this.#byColor.get(color);
  }
}

function* categoriesOf(
  table: Table,
  path: string,
  { background, ignore }: MaskReadOptions,
): Generator<DatasetRow, void> {
  for (const row of table.classes) {
    const { value, name, color, parent, isCounted } = row;
    const place = `${path} class ${value ?? name}`;
    try {
      if (value !== background && value !== ignore) table.refuseUnreachable(row);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      yield loss(place, thrown);
      continue;
    }
    if (value === background) {
      if (isBackgroundName(name)) continue;
      const isKnownByColor = isCounted && color !== null && color !== 0;
      if (!isKnownByColor) yield doubt(place, maskProblem('maskBackgroundNamed', { name, value }));
    }
    yield {
      kind: 'category',
      place,
      name,
      ...(parent !== null && { parent }),
      ...(color !== null && { color: colorText(color) }),
    };
  }
}

async function* readMask(
  files: DatasetFiles,
  mask: string,
  image: string,
  table: Table | null,
  options: MaskReadOptions,
): AsyncGenerator<DatasetRow, void> {
  let labels: LabelImage;
  let regions: Map<number, Rle>;
  try {
    labels = readLabelImage(await files.bytes(mask));
    regions = masksByValue(labels, leftOut(labels, options));
  } catch (thrown) {
    const reason = (thrown as Error).message;
    yield loss(mask, maskProblem('maskUnreadable', { reason }));
    return;
  }
  const kind = kindOf(labels, mask, table, options);
  const rows = [...regions].map(([value, rle]) => ({ value, rle }));
  yield {
    kind: 'image',
    place: mask,
    key: mask,
    fileName: plainImageName(image),
    size: { width: labels.width, height: labels.height },
    split: splitOfPath(mask),
    // Every pixel is said to be background, or nothing at all.
    ...(rows.length === 0 && { state: 'reviewed-empty' as const }),
  };
  const unknownColors = { count: 0, pixels: 0 };
  for (const [zOrder, { value, rle }] of rows.entries()) {
    const place = `${mask} value ${kind === 'color' ? colorText(value) : value}`;
    let found: MaskClass | undefined;
    try {
      found = classOf(value, kind, labels, table, options);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      yield loss(place, thrown);
      continue;
    }
    if (kind === 'color' && table !== null && found === undefined) {
      unknownColors.count++;
      unknownColors.pixels += rleArea(rle);
      continue;
    }
    const isNumber = kind === 'instance' && options.divisor === 0;
    if (isNumber && found === undefined) yield doubt(place, maskProblem('maskWithoutClass', {}));
    else if (found === undefined && table !== null) {
      yield doubt(place, maskProblem('maskValueUnknown', { value }));
    }
    const name = found?.name ?? (table === null && !isNumber ? `class_${value}` : null);
    const row: AnnotationRow = {
      kind: 'annotation',
      place,
      image: mask,
      category: name,
      ...(found?.parent != null && { categoryParent: found.parent }),
      shape: { kind: 'mask', rle },
      zOrder,
      ...(name === null && { extra: { mask_value: value } }),
    };
    yield row;
  }
  if (unknownColors.count > 0) yield loss(mask, maskProblem('maskColorsUnknown', unknownColors));
}

type Kind = Exclude<MaskReadOptions['kind'], 'auto'>;

function kindOf(
  { kind, values }: LabelImage,
  mask: string,
  table: Table | null,
  options: MaskReadOptions,
): Kind {
  if (kind === 'color') return 'color';
  if (options.kind !== 'auto') return options.kind;
  const areClasses = table?.classes.some(({ value }) => value !== null && value >= options.divisor);
  if (areClasses) return 'semantic';
  return values instanceof Uint16Array || /instance/i.test(mask) ? 'instance' : 'semantic';
}

function leftOut(
  { kind }: LabelImage,
  { background, ignore }: MaskReadOptions,
): ReadonlySet<number> {
  // No colour is meant by the value that indexed masks leave out.
  return new Set(kind === 'color' ? [background] : [background, ignore]);
}

function classOf(
  value: number,
  kind: Kind,
  { palette }: LabelImage,
  table: Table | null,
  { divisor }: MaskReadOptions,
): MaskClass | undefined {
  if (table === null) return undefined;
  if (kind === 'color') {
    return table.withColor(palette[value] ?? value);
  }
  if (kind === 'semantic') return table.withValue(value, palette[value]);
  const classes = table.classes.filter(({ name }) => !isBackgroundName(name));
  if (divisor === 0) return classes.length === 1 ? classes[0] : undefined;
  return table.withValue(value >= divisor ? Math.floor(value / divisor) : value, undefined);
}
