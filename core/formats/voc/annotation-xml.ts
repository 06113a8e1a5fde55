import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { AppError } from '../../errors.ts';
import type { AttributeValue } from '../../records.ts';
import { vocProblem } from './sentences.ts';

/** An XML file of `Annotations`. */
export interface VocAnnotation {
  readonly fileName: string | null;
  readonly width: number;
  readonly height: number;
  /** The size as it is written; null where it is sound. */
  readonly wrongSize: string | null;
  /** Whether the first pixel is 1. */
  readonly isFrom1: boolean;
  /** Whether somebody marked it as checked, as LabelImg does. */
  readonly isVerified: boolean;
  readonly objects: readonly VocObject[];
}

export interface VocObject {
  readonly name: string | null;
  /** Edges as they are written: left, top, right, bottom; what is written instead where they are no numbers. */
  readonly edges: readonly [number, number, number, number] | string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly parts: readonly VocObject[];
}

type Element = Readonly<Record<string, unknown>>;

const lists = new Set(['object', 'part', 'attribute']);

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  processEntities: false,
  isArray: (name) => lists.has(name),
});

/** @throws AppError `invalid-input` whose message is a clause about what is wrong. */
export function parseAnnotation(text: string): VocAnnotation {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw vocProblem('vocDeclaresEntities', {});
  const root = parsed(text);
  const [name] = Object.keys(root);
  const annotation = root['annotation'];
  if (!isElement(annotation)) {
    if (annotation === '') return readAnnotation({});
    throw vocProblem('vocNotAnnotation', { found: name ?? '' });
  }
  return readAnnotation(annotation);
}

function parsed(text: string): Element {
  const validity = XMLValidator.validate(text);
  if (validity !== true) throw notXml(validity.err.msg);
  try {
    return parser.parse(text) as Element;
  } catch (thrown) {
    throw notXml((thrown as Error).message);
  }
}

function notXml(reason: string): AppError {
  return vocProblem('vocNotXml', { reason });
}

function readAnnotation(annotation: Element): VocAnnotation {
  const size = isElement(annotation['size']) ? annotation['size'] : {};
  const [width, height] = [numberOf(size['width']), numberOf(size['height'])];
  const isSound = [width, height].every((side) => Number.isInteger(side) && side > 0);
  const source = JSON.stringify(annotation['source'] ?? '');
  return {
    fileName: textOf(annotation['filename']),
    width: isSound ? width : 0,
    height: isSound ? height : 0,
    wrongSize: isSound
      ? null
      : `${textOf(size['width']) ?? 'nothing'} x ${textOf(size['height']) ?? 'nothing'}`,
    isFrom1: /\bVOC ?20\d\d|PASCAL ?VOC|Pixel-SAIL Studio/i.test(source),
    isVerified: annotation['@verified'] === 'yes',
    objects: elementsOf(annotation['object']).map(readObject),
  };
}

function readObject(object: Element): VocObject {
  return {
    name: textOf(object['name']),
    edges: readEdges(object['bndbox']),
    attributes: readAttributes(object),
    parts: elementsOf(object['part']).map(readObject),
  };
}

const edgeNames = ['xmin', 'ymin', 'xmax', 'ymax'] as const;

function readEdges(box: unknown): VocObject['edges'] {
  if (!isElement(box)) return 'nothing';
  const edges = edgeNames.map((name) => numberOf(box[name]));
  return edges.every(Number.isFinite)
    ? (edges as [number, number, number, number])
    : edgeNames.map((name) => textOf(box[name]) ?? 'nothing').join(', ');
}

/** What VOC says of an object by 0 and 1. */
export const marks = ['truncated', 'occluded', 'difficult'] as const;

function readAttributes(object: Element): Record<string, AttributeValue> {
  const attributes: [string, AttributeValue][] = [];
  for (const mark of marks) {
    const text = textOf(object[mark]);
    if (text !== null) attributes.push([mark, text === '1' || /^true$/i.test(text)]);
  }
  const pose = textOf(object['pose']);
  if (pose !== null && !/^(unspecified|unknown)$/i.test(pose)) attributes.push(['pose', pose]);
  const actions = isElement(object['actions']) ? object['actions'] : {};
  for (const [action, value] of Object.entries(actions)) attributes.push([action, value === '1']);
  const others = isElement(object['attributes']) ? object['attributes'] : {};
  for (const attribute of elementsOf(others['attribute'])) {
    const [name, value] = [textOf(attribute['name']), textOf(attribute['value'])];
    if (name !== null) attributes.push([name, valueOf(value ?? '')]);
  }
  return Object.fromEntries(attributes);
}

/** A value as it was before it became text, as far as the text tells. */
function valueOf(text: string): AttributeValue {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text && Number.isFinite(Number(text))
    ? Number(text)
    : text;
}

function elementsOf(value: unknown): Element[] {
  return Array.isArray(value) ? value.map((element) => (isElement(element) ? element : {})) : [];
}

function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of an element; null where there is none. */
function textOf(value: unknown): string | null {
  const text = isElement(value) ? value['#text'] : value;
  return typeof text === 'string' && text !== '' ? withSigns(text) : null;
}

const signs: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** Text with the signs that XML writes in other ways; there are no entities but these. */
function withSigns(text: string): string {
  return text.replaceAll(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (found, hex, decimal, name) => {
      if (name !== undefined) return signs[name as string] ?? found;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : found;
    },
  );
}

function numberOf(value: unknown): number {
  const text = textOf(value);
  return text === null ? NaN : Number(text);
}
