import { AppError } from '../../errors.ts';
import type { AttributeValue } from '../../records.ts';
import { readXml, XmlNodeBuilder, type XmlNode } from '../xml.ts';
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
  /**
   * Edges as they are written: left, top, right, bottom; what is written instead where they are no
   * numbers.
   */
  readonly edges: readonly [number, number, number, number] | string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly parts: readonly VocObject[];
}

/** @throws AppError `invalid-input` whose message is a clause about what is wrong. */
export async function readVocXml(chunks: AsyncIterable<string>): Promise<VocAnnotation> {
  const root = await readRoot(chunks);
  if (root.element !== 'annotation') {
    throw vocProblem('vocNotAnnotation', { found: root.element });
  }
  return readAnnotation(root);
}

async function readRoot(chunks: AsyncIterable<string>): Promise<XmlNode> {
  let builder: XmlNodeBuilder | null = null;
  let root: XmlNode | null = null;
  try {
    for await (const events of readXml(chunks)) {
      for (const event of events) {
        if (builder !== null) root ??= builder.take(event);
        else if (event.kind === 'open') builder = new XmlNodeBuilder(event.name, event.attributes);
      }
    }
  } catch (thrown) {
    // Information of the files about themselves is kept unchanged.
    if (thrown instanceof AppError) throw thrown;
    throw vocProblem('vocNotXml', { reason: (thrown as Error).message });
  }
  if (root === null) throw vocProblem('vocNotXml', { reason: 'it holds no element' });
  return root;
}

function readAnnotation(annotation: XmlNode): VocAnnotation {
  const size = childOf(annotation, 'size');
  const [width, height] = [numberOf(size, 'width'), numberOf(size, 'height')];
  const isSound = [width, height].every((side) => Number.isInteger(side) && side > 0);
  const source = childOf(annotation, 'source');
  const origin = (source?.children ?? []).map(({ text }) => text).join(' ');
  return {
    fileName: textOf(annotation, 'filename'),
    width: isSound ? width : 0,
    height: isSound ? height : 0,
    wrongSize: isSound
      ? null
      : `${textOf(size, 'width') ?? 'nothing'} x ${textOf(size, 'height') ?? 'nothing'}`,
    isFrom1: /\bVOC ?20\d\d|PASCAL ?VOC|Pixel-SAIL Studio/i.test(origin),
    isVerified: annotation.attributes['verified'] === 'yes',
    objects: childrenOf(annotation, 'object').map(readObject),
  };
}

function readObject(object: XmlNode): VocObject {
  return {
    name: textOf(object, 'name'),
    edges: readEdges(childOf(object, 'bndbox')),
    attributes: readAttributes(object),
    parts: childrenOf(object, 'part').map(readObject),
  };
}

const edgeNames = ['xmin', 'ymin', 'xmax', 'ymax'] as const;

function readEdges(box: XmlNode | undefined): VocObject['edges'] {
  if (!box) return 'nothing';
  const edges = edgeNames.map((name) => numberOf(box, name));
  return edges.every(Number.isFinite)
    ? (edges as [number, number, number, number])
    : edgeNames.map((name) => textOf(box, name) ?? 'nothing').join(', ');
}

/** The flags of a VOC object (0 or 1). */
export const marks = ['truncated', 'occluded', 'difficult'] as const;

function readAttributes(object: XmlNode): Record<string, AttributeValue> {
  const attributes: [string, AttributeValue][] = [];
  for (const mark of marks) {
    const text = textOf(object, mark);
    if (text !== null) attributes.push([mark, text === '1' || /^true$/i.test(text)]);
  }
  const pose = textOf(object, 'pose');
  if (pose !== null && !/^(unspecified|unknown)$/i.test(pose)) attributes.push(['pose', pose]);
  for (const { element, text } of childOf(object, 'actions')?.children ?? []) {
    attributes.push([element, text.trim() === '1']);
  }
  for (const attribute of childrenOf(childOf(object, 'attributes'), 'attribute')) {
    const name = textOf(attribute, 'name');
    if (name !== null) attributes.push([name, valueOf(textOf(attribute, 'value') ?? '')]);
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

function childrenOf(node: XmlNode | undefined, name: string): XmlNode[] {
  return (node?.children ?? []).filter(({ element }) => element === name);
}

function childOf(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return node?.children.find(({ element }) => element === name);
}

/** The text of a child; null where there is none. */
function textOf(node: XmlNode | undefined, name: string): string | null {
  const text = childOf(node, name)?.text.trim() ?? '';
  return text === '' ? null : text;
}

function numberOf(node: XmlNode | undefined, name: string): number {
  const text = textOf(node, name);
  return text === null ? NaN : Number(text);
}
