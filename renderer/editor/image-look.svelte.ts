export const channels = ['all', 'red', 'green', 'blue', 'grey'] as const;
export type Channel = (typeof channels)[number];

/** The weights of red, green and blue in each channel that is shown. */
type Rows = readonly [readonly number[], readonly number[], readonly number[]];

const grey = [0.2126, 0.7152, 0.0722];
const rowsOf: Readonly<Record<Channel, Rows>> = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  red: [
    [1, 0, 0],
    [1, 0, 0],
    [1, 0, 0],
  ],
  green: [
    [0, 1, 0],
    [0, 1, 0],
    [0, 1, 0],
  ],
  blue: [
    [0, 0, 1],
    [0, 0, 1],
    [0, 0, 1],
  ],
  grey: [grey, grey, grey],
};

/**
 * How the photo is shown to the person: its pixels, and what the model sees of them, stay as they
 * are. It holds until the project is closed.
 */
export class ImageLook {
  /** Added to each value, -1 to 1. */
  brightness = $state(0);
  /** Factor around the middle grey, 0.2 to 5. */
  contrast = $state(1);
  /** Above 1 dark parts become lighter. */
  gamma = $state(1);
  channel = $state<Channel>('all');
  /** Distance of the grid's lines in image pixels; null without a grid. */
  gridPx = $state<number | null>(null);
  /** Whether the whole image is shown in a corner while only a part of it is in view. */
  hasMinimap = $state(true);
  /** Whether lines cross the whole canvas at the pointer. */
  hasPointerLines = $state(false);

  /** Whether pixels are shown as they are. */
  readonly isPlain = $derived(
    this.brightness === 0 && this.contrast === 1 && this.gamma === 1 && this.channel === 'all',
  );

  reset(): void {
    this.brightness = 0;
    this.contrast = 1;
    this.gamma = 1;
    this.channel = 'all';
  }

  /**
   * Channel, contrast and brightness as the values of an SVG `feColorMatrix`; gamma follows them.
   */
  get matrix(): string {
    const offset = 0.5 - 0.5 * this.contrast + this.brightness;
    const rows = rowsOf[this.channel].map((row) =>
      [...row.map((weight) => weight * this.contrast), 0, offset].join(' '),
    );
    return [...rows, '0 0 0 1 0'].join(' ');
  }
}
