import { SaxesParser } from 'saxes';
import { isObject } from './json-values.ts';

/**
 * Events of the XML parser, in order. Entities that a file defines itself are refused, never
 * expanded.
 */
export type XmlEvent =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: Attributes }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

export type Attributes = Readonly<Record<string, string>>;

/**
 * Reads XML in pieces, giving what each piece completes.
 * @throws Error with the line and the column of what is not sound
 */
export async function* readXml(
  chunks: AsyncIterable<string>,
): AsyncGenerator<readonly XmlEvent[], void> {
  const parser = new SaxesParser();
  let events: XmlEvent[] = [];
  let fault: Error | null = null;
  parser.on('error', (error) => (fault ??= error));
  parser.on('opentag', ({ name, attributes }) => events.push({ kind: 'open', name, attributes }));
  parser.on('closetag', ({ name }) => events.push({ kind: 'close', name }));
  parser.on('text', (text) => events.push({ kind: 'text', text }));
  parser.on('cdata', (text) => events.push({ kind: 'text', text }));
  const take = (): XmlEvent[] => {
    if (fault) throw fault;
    const taken = events;
    events = [];
    return taken;
  };
  for await (const chunk of chunks) {
    parser.write(chunk);
    yield take();
  }
  parser.close();
  yield take();
}

/** An element with all that is in it, as plain JSON. */
export interface XmlNode {
  readonly element: string;
  readonly attributes: Attributes;
  readonly children: XmlNode[];
  text: string;
}

/** Elements deeper than this inside one of interest are passed over. */
const deepest = 8;

/** Gathers an element of interest. */
export class XmlNodeBuilder {
  readonly #open: XmlNode[];
  #skipped = 0;

  constructor(element: string, attributes: Attributes) {
    this.#open = [{ element, attributes, children: [], text: '' }];
  }

  /** Takes what is inside the element; gives the whole when it closes. */
  take(event: XmlEvent): XmlNode | null {
    if (event.kind === 'open') {
      if (this.#skipped > 0 || this.#open.length >= deepest) {
        this.#skipped++;
        return null;
      }
      const { name, attributes } = event;
      const node: XmlNode = { element: name, attributes, children: [], text: '' };
      this.#open.at(-1)!.children.push(node);
      this.#open.push(node);
      return null;
    }
    if (this.#skipped > 0) {
      if (event.kind === 'close') this.#skipped--;
      return null;
    }
    if (event.kind === 'text') {
      this.#open.at(-1)!.text += event.text;
      return null;
    }
    const closed = this.#open.pop()!;
    return this.#open.length === 0 ? closed : null;
  }
}

/** Writes XML; counts the texts with characters that XML cannot hold, which become U+FFFD. */
export class XmlWriter {
  lost = 0;

  /** A text between elements, or in an attribute. */
  text(text: string): string {
    const clean = text.toWellFormed().replaceAll(forbidden, '\uFFFD');
    if (clean !== text) this.lost++;
    return clean.replaceAll(special, (character) => `&#${character.charCodeAt(0)};`);
  }

  /** The start of an element, without its last bracket. */
  start(name: string, attributes: Readonly<Record<string, string | number>>): string {
    const written = Object.entries(attributes).map(
      ([key, value]) => ` ${key}="${this.text(String(value))}"`,
    );
    return `<${name}${written.join('')}`;
  }

  /** An element with a text. */
  leaf(name: string, text: string, attributes: Readonly<Record<string, string>> = {}): string {
    return `${this.start(name, attributes)}>${this.text(text)}</${name}>`;
  }
}

/** Whether a value is an element that was kept, with names that XML can have. */
export function isNode(value: unknown): value is XmlNode {
  return (
    isObject(value) &&
    typeof value['element'] === 'string' &&
    /^[a-z_]+$/.test(value['element']) &&
    isObject(value['attributes']) &&
    Object.keys(value['attributes']).every((key) => /^[a-z][\w-]*$/i.test(key)) &&
    Array.isArray(value['children'])
  );
}

/** An element as it was kept. */
export function writeNode(node: XmlNode, xml: XmlWriter): string {
  const { element, attributes, children, text } = node;
  const inside = children.filter(isNode).map((child) => writeNode(child, xml));
  const words = inside.length > 0 ? '' : xml.text(text);
  return `${xml.start(element, attributes)}>${words}${inside.join('')}</${element}>`;
}

// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
const special = /[&<>"\t\n\r]/g;
