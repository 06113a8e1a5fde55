import { colorFromParts, vocColor, type Color } from '../label-image.ts';

/** The classes that pixels of masks stand for. */
export interface VocClass {
  readonly name: string;
  readonly color: Color;
}

const vocNames =
  'background aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant ' +
  'sheep sofa train tvmonitor';

/** The classes of Pascal VOC, for datasets without a `labelmap.txt`. */
export const vocClasses: readonly VocClass[] = vocNames
  .split(' ')
  .map((name, index) => ({ name, color: vocColor(index) }));

/** The colour of object borders. */
export const borderColor: Color = 0xe0e0c0;
export const borderIndex = 255;

/** Reads `name:red,green,blue:parts:actions`, one a line, as datumaro and CVAT write it. */
export function parseLabelMap(text: string): VocClass[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const found = /^(.*?):(?:(\d+),(\d+),(\d+))?:([^:]*):([^:]*)$/.exec(line.trim());
    if (!found) return [{ name: line.trim(), color: vocColor(index) }];
    const [, name, ...parts] = found;
    const rgb = parts.slice(0, 3);
    const color = rgb[0] === undefined ? vocColor(index) : colorFromParts(rgb.map(Number));
    return [{ name: name!, color }];
  });
}

/** The text of a `labelmap.txt`. */
export function labelMapText(classes: readonly VocClass[]): string {
  const lines = classes.map(({ name, color }) => {
    const rgb = [color >> 16, (color >> 8) & 255, color & 255].join(',');
    return `${name.replaceAll(/[\r\n]+/g, ' ')}:${rgb}::\n`;
  });
  return `# label:color_rgb:parts:actions\n${lines.join('')}`;
}
