import type { AttributeValue, Skeleton } from '../../records.ts';
import type { CategoryRow } from '../dataset-row.ts';
import { otherKeys } from '../json-values.ts';
import type { XmlNode } from '../xml.ts';
import { skeletonOfLabel } from './skeletons.ts';

/** An attribute of a label, as CVAT defines it. */
export interface AttributeDefinition {
  readonly name: string;
  readonly input_type: string;
  readonly mutable: string;
  readonly default_value: string;
  readonly values: string;
}

/** The labels of a file: their rows, and how the texts of their attributes are to be read. */
export class Labels {
  readonly #rows = new Map<string, CategoryRow>();
  readonly #skeletonsDiffer = new Set<string>();
  readonly #types = new Map<string, ReadonlyMap<string, string>>();

  /** Takes the labels of a task or a project. One that came before is given again if it differs. */
  take(path: string, labels: readonly XmlNode[]): CategoryRow[] {
    const parts = labels.filter((label) => textOf(label, 'parent') !== '');
    const added: CategoryRow[] = [];
    for (const label of labels) {
      const name = textOf(label, 'name');
      if (name === '' || textOf(label, 'parent') !== '') continue;
      const definitions = definitionsOf(label);
      const sublabels = parts.filter((part) => textOf(part, 'parent') === name);
      const [color, type, svg = ''] = ['color', 'type', 'svg'].map((key) => textOf(label, key));
      const names = sublabels.map((part) => textOf(part, 'name'));
      const skeleton = type === 'skeleton' ? skeletonOfLabel(svg, names) : null;
      const row: CategoryRow = {
        kind: 'category',
        place: `${path} label ${JSON.stringify(name)}`,
        name,
        ...(/^#[0-9a-f]{6}$/i.test(color!) && { color: color!.toLowerCase() }),
        ...(skeleton && { skeleton }),
        extra: otherKeys(
          {
            ...(definitions.length > 0 && { cvat_attributes: definitions }),
            ...(type !== '' && type !== 'any' && { cvat_type: type }),
            ...(svg !== '' && { cvat_svg: svg }),
            ...(sublabels.length > 0 && { cvat_sublabels: sublabels }),
          },
          [],
        ),
      };
      const before = this.#rows.get(name);
      if (JSON.stringify(before) === JSON.stringify(row)) continue;
      this.#takeTypes(name, definitions);
      const known = before?.skeleton ?? row.skeleton;
      if (row.skeleton && JSON.stringify(known) !== JSON.stringify(row.skeleton)) {
        this.#skeletonsDiffer.add(name);
      }
      this.#rows.set(name, { ...row, ...(known && { skeleton: known }) });
      added.push(row);
    }
    return added;
  }

  /** An attribute with several types is read as text. */
  #takeTypes(label: string, definitions: readonly AttributeDefinition[]): void {
    const types = new Map(this.#types.get(label));
    for (const { name, input_type: type } of definitions) {
      types.set(name, (types.get(name) ?? type) === type ? type : 'text');
    }
    this.#types.set(label, types);
  }

  /** The skeleton of a label; null where the file defines none, or several. */
  skeletonOf(label: string | null): Skeleton | null {
    if (label === null || this.#skeletonsDiffer.has(label)) return null;
    return this.#rows.get(label)?.skeleton ?? null;
  }

  /** The value of an attribute that is written as text. */
  valueOf(label: string | null, name: string, text: string): AttributeValue {
    const type = label === null ? undefined : this.#types.get(label)?.get(name);
    if (type === 'checkbox' && (text === 'true' || text === 'false')) return text === 'true';
    const number = Number(text);
    return type === 'number' && text.trim() !== '' && Number.isFinite(number) ? number : text;
  }
}

function definitionsOf(label: XmlNode): AttributeDefinition[] {
  const list = label.children.find(({ element }) => element === 'attributes');
  const named = (list?.children ?? []).filter((each) => textOf(each, 'name') !== '');
  return named.map((each) => ({
    name: textOf(each, 'name'),
    mutable: textOf(each, 'mutable'),
    input_type: textOf(each, 'input_type'),
    default_value: textOf(each, 'default_value'),
    values: textOf(each, 'values'),
  }));
}

function textOf({ children }: XmlNode, element: string): string {
  return children.find((child) => child.element === element)?.text.trim() ?? '';
}
