import { skeletonOf } from '../../project/keypoints.ts';
import type { AttributeValue, Skeleton } from '../../records.ts';
import type { CategoryNames } from '../category-names.ts';
import type {
  DatasetSource,
  SourceAnnotation,
  SourceCategory,
  WrittenNote,
} from '../dataset-row.ts';
import { isObject, listOf } from '../json-values.ts';
import { cvatProblem } from './sentences.ts';
import { isNode, writeNode, type XmlNode, type XmlWriter } from '../xml.ts';
import { skeletonDrawing, skeletonOfLabel } from './skeletons.ts';

type InputType = 'checkbox' | 'number' | 'text';

/** The attributes of an annotation as CVAT has them: with what has no other place there. */
export function writtenAttributes({
  annotation: { attributes, crowd },
  texts,
}: Pick<SourceAnnotation, 'annotation' | 'texts'>): [name: string, value: AttributeValue][] {
  const own = Object.entries(attributes).filter(
    ([name, value]) => name !== 'occluded' || typeof value !== 'boolean',
  );
  const taken = new Set(own.map(([name]) => name));
  const description = texts.find(({ kind }) => kind === 'description');
  if (crowd && !taken.has('is_crowd')) own.push(['is_crowd', true]);
  if (description?.kind === 'description' && !taken.has('description')) {
    own.push(['description', description.text]);
  }
  return own;
}

/**
 * The labels with all attributes that are used, in the form that CVAT writes above the images:
 * those of a project, with a task for each subset, or those of a task where there are none.
 */
export function writeMeta(
  source: DatasetSource,
  names: CategoryNames,
  subsets: ReadonlySet<string>,
  xml: XmlWriter,
  note: (note: WrittenNote) => void,
): string {
  const used = usedTypes(source);
  const labels = source.categories.map((category) => {
    const types = used.get(category.exportId) ?? new Map<string, Set<InputType>>();
    for (const [name, found] of types) {
      if (found.size < 2) continue;
      const problem = cvatProblem('cvatAttributeAsText', {
        name,
        category: names.get(category.exportId)!,
      });
      note({ what: source.projectName, section: 'annotations', isLoss: false, problem });
    }
    return writeLabel(category, names.get(category.exportId)!, types, xml);
  });
  const tasks = [...subsets].map(
    (subset, id) =>
      `<task>\n<id>${id}</id>\n${xml.leaf('name', subset)}\n${xml.leaf('subset', subset)}\n</task>\n`,
  );
  const element = subsets.size > 0 ? 'project' : 'task';
  const inside =
    subsets.size > 0 ? `<tasks>\n${tasks.join('')}</tasks>\n` : '<mode>annotation</mode>\n';
  return (
    `<meta>\n<${element}>\n${xml.leaf('name', source.projectName)}\n${inside}` +
    `<labels>\n${labels.join('')}</labels>\n</${element}>\n` +
    `${xml.leaf('dumped', source.date)}\n</meta>\n`
  );
}

function usedTypes(source: DatasetSource): Map<number, Map<string, Set<InputType>>> {
  const used = new Map<number, Map<string, Set<InputType>>>();
  for (const image of source.images()) {
    for (const written of image.annotations()) {
      const { category } = written;
      const attributes = category === null ? [] : writtenAttributes(written);
      for (const [name, value] of attributes) {
        const types = used.get(category!.exportId) ?? new Map<string, Set<InputType>>();
        used.set(category!.exportId, types);
        types.set(name, (types.get(name) ?? new Set<InputType>()).add(inputType(value)));
      }
    }
  }
  return used;
}

function inputType(value: AttributeValue): InputType {
  if (typeof value === 'boolean') return 'checkbox';
  return typeof value === 'number' ? 'number' : 'text';
}

function writeLabel(
  { category }: SourceCategory,
  name: string,
  used: ReadonlyMap<string, ReadonlySet<InputType>>,
  xml: XmlWriter,
): string {
  const { extra } = category;
  const kept = listOf(extra['cvat_attributes']).filter(isObject);
  const defined = new Map(kept.map((each) => [String(each['name']), each]));
  for (const { name: attribute, choices } of category.attributes) {
    if (!defined.has(attribute)) defined.set(attribute, { values: choices.join('\n') });
  }
  const all = new Set([...defined.keys(), ...used.keys()]);
  const attributes = [...all].map((attribute) =>
    writeAttribute(attribute, defined.get(attribute) ?? {}, used.get(attribute), xml),
  );
  const kind = typeof extra['cvat_type'] === 'string' ? extra['cvat_type'] : 'any';
  const drawn = typeof extra['cvat_svg'] === 'string' ? extra['cvat_svg'] : '';
  const parts = listOf(extra['cvat_sublabels']).filter(isNode);
  const skeleton = skeletonOf(category);
  const isKept = !skeleton || isSameSkeleton(skeleton, drawn, parts);
  const type = skeleton ? 'skeleton' : kind;
  const drawing = isKept ? drawn : skeletonDrawing(skeleton, xml);
  const svg = drawing === '' ? '' : `${xml.leaf('svg', drawing)}\n`;
  const sublabels = isKept
    ? parts.map((node) => writeNode(node, xml))
    : skeleton.keypoints.map((keypoint) => writeSublabel(keypoint, name, category.color, xml));
  return (
    `<label>\n${xml.leaf('name', name)}\n${xml.leaf('color', category.color)}\n` +
    `${xml.leaf('type', type)}\n<attributes>\n${attributes.join('')}</attributes>\n${svg}</label>\n` +
    sublabels.join('\n')
  );
}

/** Whether the label was imported with this skeleton; then its drawing is kept as it stands. */
function isSameSkeleton(skeleton: Skeleton, svg: string, parts: readonly XmlNode[]): boolean {
  const names = parts.map(
    ({ children }) => children.find(({ element }) => element === 'name')?.text.trim() ?? '',
  );
  const kept = skeletonOfLabel(svg, names);
  return kept !== null && JSON.stringify(kept) === JSON.stringify(skeleton) && parts.length > 0;
}

function writeSublabel(name: string, parent: string, color: string, xml: XmlWriter): string {
  const leaves = [xml.leaf('name', name), xml.leaf('color', color), xml.leaf('type', 'points')];
  const rest = `<attributes></attributes>\n${xml.leaf('parent', parent)}`;
  return `<label>\n${leaves.join('\n')}\n${rest}\n</label>`;
}

/** A select list stays one as long as all values are texts. */
function writeAttribute(
  name: string,
  defined: Readonly<Record<string, unknown>>,
  used: ReadonlySet<InputType> | undefined,
  xml: XmlWriter,
): string {
  const kept = typeof defined['input_type'] === 'string' ? defined['input_type'] : 'text';
  const isList = kept === 'select' || kept === 'radio';
  const [only, ...others] = used ?? [];
  const seen = only === undefined ? kept : others.length > 0 ? 'text' : only;
  const type = seen === 'text' && isList ? kept : seen;
  const usual = type === 'checkbox' ? 'false' : '';
  const textOf = (key: string, otherwise: string): string =>
    typeof defined[key] === 'string' && type === kept ? defined[key] : otherwise;
  return (
    `<attribute>\n${xml.leaf('name', name)}\n${xml.leaf('mutable', textOf('mutable', 'False'))}\n` +
    `${xml.leaf('input_type', type)}\n${xml.leaf('default_value', textOf('default_value', usual))}\n` +
    `${xml.leaf('values', textOf('values', usual))}\n</attribute>\n`
  );
}
