import type { ModelRequest } from '../../../core/prompt.ts';
import type { ShownRegion } from './pictures.ts';

/** A part of a message, as the API has them. */
export type MessagePart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } };

/** A question of words, and how its answer is read. */
interface Question {
  readonly text: string;
  readonly choices: readonly string[];
}

/** The photo and its regions as the server sees them, each a JPEG file as a data URL. */
export interface ShownPhoto {
  /** With the regions outlined. */
  readonly photo: string;
  readonly regions: readonly ShownRegion[];
}

const systemText =
  'You help to annotate photos. Answer about the pictures only, in the language of the question, without introduction, ' +
  'headings or lists.';

/** The messages of a question about a photo: the photo, then each region cut out, then the text. */
export function messagesOf({ photo, regions }: ShownPhoto, { text, choices }: Question) {
  const content: MessagePart[] = [
    textPart(regions.length === 0 ? 'The photo:' : `The photo, with ${outlines(regions)}:`),
    picturePart(photo),
    ...regions.flatMap(({ crop, color }, index) => [
      textPart(`${regionName(index, regions)}, outlined in ${color} above, cut out of the photo:`),
      picturePart(crop),
    ]),
    textPart(withChoices(inWords(text, regions), choices)),
  ];
  return [
    { role: 'system', content: systemText },
    { role: 'user', content },
  ];
}

/** The text of a request for words about the first of the shown regions, or about the photo. */
export function questionOf(
  request: Extract<ModelRequest, { task: 'describe' | 'ask' }>,
  isAboutRegion: boolean,
): Question {
  if (request.task === 'ask') {
    const { question, choices } = request;
    const isNamed = !isAboutRegion || /<Prompt\d+>/.test(question);
    return { text: isNamed ? question : `About the outlined region: ${question}`, choices };
  }
  const what = isAboutRegion ? 'the outlined object, not its surroundings' : 'the photo';
  return { text: `Describe ${what} in one to three sentences.`, choices: [] };
}

/** Index of the choice that an answer selects by its letter or words; null of none or several. */
export function chosenOf(answer: string, choices: readonly string[]): number | null {
  const said = answer.trim();
  const exact = choices.findIndex((choice) => plain(choice) === plain(said));
  if (exact >= 0) return exact;
  const letter = /^[("'*[]*([A-Z])(?:[)"'*\]:.,]|\s*$)/.exec(said)?.[1];
  const place = letter === undefined ? -1 : letters.indexOf(letter);
  if (place >= 0 && place < choices.length) return place;
  const named = choices.flatMap((choice, index) =>
    plain(choice) !== '' && ` ${plain(said)} `.includes(` ${plain(choice)} `) ? [index] : [],
  );
  return named.length === 1 ? named[0]! : null;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** At most this many choices can be lettered. */
export const mostChoices = letters.length;

function withChoices(text: string, choices: readonly string[]): string {
  if (choices.length === 0) return text;
  const lettered = choices.map((choice, index) => `${letters[index]}) ${choice}`);
  return [text, ...lettered, 'Answer with the letter of the right choice only.'].join('\n');
}

function inWords(text: string, regions: readonly ShownRegion[]): string {
  return text.replace(/<Prompt(\d+)>/g, (tag, index: string) =>
    Number(index) < regions.length ? nameInText(Number(index), regions) : tag,
  );
}

function nameInText(index: number, regions: readonly ShownRegion[]): string {
  const name = regionName(index, regions).toLowerCase();
  return `${regions.length === 1 ? 'the ' : ''}${name} (${regions[index]!.color})`;
}

function regionName(index: number, regions: readonly ShownRegion[]): string {
  return regions.length === 1 ? 'Region' : `Region ${index + 1}`;
}

function outlines(regions: readonly ShownRegion[]): string {
  if (regions.length === 1) return `a region outlined in ${regions[0]!.color}`;
  return regions.map(({ color }, index) => `region ${index + 1} outlined in ${color}`).join(', ');
}

function textPart(text: string): MessagePart {
  return { type: 'text', text };
}

function picturePart(url: string): MessagePart {
  return { type: 'image_url', image_url: { url } };
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
