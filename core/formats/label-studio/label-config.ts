import type { CategoryNames } from '../category-names.ts';
import type { SourceCategory } from '../dataset-row.ts';
import { XmlWriter } from '../xml.ts';
import { tagField } from './result-names.ts';

/** The fields that say something of regions, and the types of results that each of them holds. */
export type Fields = Map<string, Set<string>>;

const fieldTags: Readonly<Record<string, string>> = {
  number: 'Number',
  choices: 'Choices',
  textarea: 'TextArea',
};

/** The labelling setup for tasks that have these categories and fields. */
export function labelConfig(
  categories: readonly SourceCategory[],
  names: CategoryNames,
  fields: Fields,
): string {
  const xml = new XmlWriter();
  const labels = categories.map(({ exportId, category }) => {
    const start = xml.start('Label', { value: names.get(exportId)!, background: category.color });
    return `    ${start}/>\n`;
  });
  const choices = categories.map(({ exportId }) => {
    const start = xml.start('Choice', { value: names.get(exportId)! });
    return `    ${start}/>\n`;
  });
  const tagStart = xml.start('Choices', { name: tagField, toName: 'image', choice: 'multiple' });
  const tags = choices.length > 0 ? `  ${tagStart}>\n${choices.join('')}  </Choices>\n` : '';
  const control = (tag: string, name: string): string =>
    `  ${xml.start(tag, { name, toName: 'image' })}>\n${labels.join('')}  </${tag}>\n`;
  const said = [...fields].flatMap(([name, types]) =>
    [...types].map((type) => field(xml, name, type)),
  );
  const words = ['description', 'referring'].map((name) => field(xml, name, 'textarea'));
  return (
    '<View>\n  <Image name="image" value="$image"/>\n' +
    control('RectangleLabels', 'label') +
    control('PolygonLabels', 'polygon') +
    control('BrushLabels', 'brush') +
    tags +
    [...words, ...said].join('') +
    '  <TextArea name="caption" toName="image"/>\n</View>\n'
  );
}

function field(xml: XmlWriter, name: string, type: string): string {
  const tag = fieldTags[type]!;
  const start = xml.start(tag, { name, toName: 'image', perRegion: 'true' });
  if (type !== 'choices') return `  ${start}/>\n`;
  return `  ${start}>\n    <Choice value="true"/>\n    <Choice value="false"/>\n  </Choices>\n`;
}
