/** Insets of the canvas along its sides, in CSS pixels; a fitted image avoids them. */
export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/**
 * Which side of the canvas the proposal's row keeps to; `free` where a person put it on the image.
 */
export const barPlaces = ['bottom', 'top', 'free'] as const;
export type BarPlace = (typeof barPlaces)[number];

const marginPx = 16;
/** The tool strip and the zoom buttons. */
const topPx = 60;
/** The toolbar. */
const leftPx = 64;
/** The row of a proposal. */
export const barPx = 52;
/** The answers of two models. */
const comparedPx = 108;
/** The hint of the tool, where no row of a proposal can come. */
const hintPx = 26;

export const plainInsets: Insets = { top: 32, right: 32, bottom: 32, left: 32 };

/** @param comparesModels whether the answers of two models stand beside the row */
export function insetsFor(place: BarPlace, comparesModels = false): Insets {
  const rowsPx = barPx + (comparesModels ? comparedPx : 0);
  return {
    top: topPx + (place === 'top' ? rowsPx : 0),
    right: marginPx,
    bottom: marginPx + (place === 'bottom' ? rowsPx : hintPx),
    left: leftPx,
  };
}
