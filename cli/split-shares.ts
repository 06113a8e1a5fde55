import { InvalidArgumentError, Option, type Command } from 'commander';
import { AppError } from '../core/errors.ts';
import { splitSharesSchema, type SplitShares } from '../core/project/split-shares.ts';
import { parseWithin } from './numbers.ts';

interface ShareOptions {
  readonly shares?: readonly [train: number, validation: number, test: number];
  readonly seed?: number;
  readonly groupBy?: string;
  readonly keepSplits?: boolean;
}

/** Adds the options that split images by shares. */
export function addShareOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '--shares <train,validation,test>',
        'split the images by shares, the same for each category, e.g. 80,10,10 (default: the splits of the images)',
      ).argParser(parseShares),
    )
    .addOption(
      new Option(
        '--seed <n>',
        'with --shares: the same seed gives the same splits (default: 0)',
      ).argParser(parseSeed),
    )
    .option(
      '--group-by <group>',
      'with --shares: keep groups in one split: "folder", or a regular expression of the path whose first group names the group',
    )
    .option('--keep-splits', 'with --shares: split only images without a split');
}

/**
 * The values of {@link addShareOptions}; undefined without shares.
 * @throws AppError `invalid-input`
 */
export function givenShares({
  shares,
  seed,
  groupBy,
  keepSplits,
}: ShareOptions): SplitShares | undefined {
  if (!shares) {
    if (seed === undefined && groupBy === undefined && !keepSplits) return undefined;
    throw new AppError(
      'invalid-input',
      '--seed, --group-by and --keep-splits need --shares. Give the shares of train, validation ' +
        'and test, for example --shares 80,10,10.',
    );
  }
  const [train, validation, test] = shares;
  const parsed = splitSharesSchema.safeParse({
    ...{ train, validation, test, seed, keepsSplits: keepSplits },
    groupBy: groupBy === undefined ? 'image' : groupBy === 'folder' ? 'folder' : 'pattern',
    pattern: groupBy === 'folder' ? undefined : groupBy,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError(
    'invalid-input',
    `${issue!.message}, found ${issue!.path[0] === 'pattern' ? `"${groupBy!}"` : shares.join(',')}.`,
  );
}

function parseSeed(text: string): number {
  const expected = 'an integer from 0 to 4294967295';
  const seed = parseWithin(text, 0, 0xffff_ffff, expected);
  if (Number.isInteger(seed)) return seed;
  throw new InvalidArgumentError(`Expected ${expected}, found "${text}".`);
}

function parseShares(text: string): [number, number, number] {
  const shares = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (shares.length === 3 && shares.every((share) => share >= 0 && share < Infinity)) {
    return shares as [number, number, number];
  }
  throw new InvalidArgumentError(`Expected three numbers like 80,10,10, found "${text}".`);
}
