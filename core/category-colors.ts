/**
 * Colours for the first categories, in order. They were searched for by computer, so that any two
 * of them stay apart for the three kinds of colour blindness too, the first ones the furthest.
 */
const categoryColors = [
  '#e8db2e',
  '#55fae8',
  '#b91431',
  '#d6989b',
  '#5a33fa',
  '#4499f3',
  '#889821',
  '#983aa6',
  '#fa3fd6',
  '#abc9fa',
  '#f81481',
  '#3d8c92',
] as const;

/**
 * Steps of hue (golden section), lightness and chroma (those of Roberts' R2 sequence), as shares
 * of their ranges: however many colours are taken, they fill the ranges evenly.
 */
const [hueStep, lightnessStep, chromaStep] = [0.6180339887, 0.7548776662, 0.569840291] as const;
/**
 * Lightness that later colours take in turn, from 0 to 1. Lightness is what every kind of colour
 * blindness leaves, so two colours in a row are always steps of it apart.
 */
const lightnessCycle = [0.88, 0.5, 0.72, 0.42, 0.8, 0.6] as const;
/** How much lighter the regions of a category are painted in turn. */
const shadeSteps = [0, 0.12, -0.12, 0.06, -0.06] as const;
const [darkestShade, lightestShade] = [0.3, 0.95];

/**
 * The colour of the category that is added when there are `count` already, as #rrggbb; none comes
 * twice soon.
 */
export function nextCategoryColor(count: number): string {
  return categoryColors[count] ?? generatedColor(count - categoryColors.length);
}

function generatedColor(index: number): string {
  const round = Math.floor(index / lightnessCycle.length);
  const lightness =
    lightnessCycle[index % lightnessCycle.length]! + 0.06 * ((round * lightnessStep) % 1) - 0.03;
  const chroma = 0.1 + 0.08 * ((round * chromaStep) % 1);
  return hexOf(inGamut(lightness, chroma, 2 * Math.PI * ((index * hueStep) % 1)));
}

/**
 * The colour of one region of a category: the category's own, lighter or darker.
 * @param color sRGB as #rrggbb
 * @param index of the region; five in a row differ
 */
export function shadeOf(color: string, index: number): string {
  const step = shadeSteps[index % shadeSteps.length]!;
  if (step === 0) return color;
  const [lightness, a, b] = oklabOf(color);
  const shaded = lightness + step;
  // Where there is no room in one direction the other one is taken.
  const isOut = shaded < darkestShade || shaded > lightestShade;
  return hexOf(
    inGamut(isOut ? lightness - 1.5 * step : shaded, Math.hypot(a, b), Math.atan2(b, a)),
  );
}

/** The relative luminance of a colour by WCAG, 0 to 1. */
export function luminanceOf(color: string): number {
  const [red, green, blue] = linearOf(color);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

type Triple = readonly [number, number, number];

function linearOf(color: string): Triple {
  const part = (at: number) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

/** Oklab (Ottosson 2020), in which equal distances look equally far. */
function oklabOf(color: string): Triple {
  const [red, green, blue] = linearOf(color);
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function linearOfOklab(lightness: number, a: number, b: number): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** The colour in linear RGB with this lightness and hue, as colourful as a screen can show it. */
function inGamut(lightness: number, chroma: number, hue: number): Triple {
  const at = (share: number) =>
    linearOfOklab(lightness, share * chroma * Math.cos(hue), share * chroma * Math.sin(hue));
  const fits = (rgb: Triple) => rgb.every((part) => part >= 0 && part <= 1);
  if (fits(at(1))) return at(1);
  let [low, high] = [0, 1];
  for (let halving = 0; halving < 10; halving++) {
    const middle = (low + high) / 2;
    if (fits(at(middle))) low = middle;
    else high = middle;
  }
  return at(low);
}

function hexOf(rgb: Triple): string {
  const parts = rgb.map((part) => {
    const clamped = Math.min(Math.max(part, 0), 1);
    const value = clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055;
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${parts.join('')}`;
}
