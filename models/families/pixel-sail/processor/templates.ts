/**
 * The reference's questions and answers (arXiv 2504.10465, authors' released datasets and
 * evaluation code). A model answers best in the words it was trained with, so these are kept to
 * the letter.
 */

/** How the text side names the visual prompt with this id. */
export function promptTag(id: number): string {
  return `<Prompt${id}>`;
}

/** The answer after which every referring question's mask is read. */
export const segmentationAnswer = 'It is [SEG].';

/** The answer about what is not in the image; its mask is empty. */
export const noTargetAnswer = 'No target [SEG].';

/** The question of the referring evaluation; the leading space belongs to it. */
function referringQuestion(expression: string): string {
  return ` Please segment ${expression} in this image.`;
}

/**
 * The question that a person's text asks: a category or a referring expression in the words of the
 * evaluation; what is a request or a question already, or names regions as `<Prompti>`, as it is.
 */
export function textQuestion(text: string): string {
  const isQuestion = /<Prompt\d+>|\?\s*$/.test(text);
  const isRequest = /^\s*(please|can you|could you|segment|what|where|which|who)\s/i.test(text);
  return isQuestion || isRequest ? text : referringQuestion(text.trim().replace(/[.!]+$/, ''));
}

/** A region's prompt ids in one question. */
export interface NamedRegion {
  readonly id: number;
  /**
   * The prompt that holds clicks on the region, where `id` marks a mask of it that is to be
   * corrected.
   */
  readonly with: number | null;
  /** The prompt that marks what the region is not. */
  readonly not: number | null;
}

/** A question about the regions that visual prompts mark. */
export function regionQuestion(regions: readonly NamedRegion[]): string {
  const named = regions.map((region) => {
    const clicked = region.with === null ? '' : ` with ${promptTag(region.with)}`;
    const left = region.not === null ? '' : ` but not ${promptTag(region.not)}`;
    return `${promptTag(region.id)}${clicked}${left}`;
  });
  return `Please segment ${named.join(', ')} in this image.`;
}

/** The answer to {@link regionQuestion}: one `[SEG]` for each region, in order. */
export function regionAnswer(ids: readonly number[]): string {
  if (ids.length === 1) return segmentationAnswer;
  return `${ids.map((id) => `${promptTag(id)} [SEG]`).join(', ')}.`;
}

/** Asks for the whole, the part and the detail that one click may mean. */
export function candidatesQuestion(id: number): string {
  return `${regionQuestion([{ id, with: null, not: null }])} Give whole, part and detail.`;
}

/** The answer to {@link candidatesQuestion}: three masks, from large to small. */
export const candidatesAnswer = 'whole [SEG] part [SEG] detail [SEG].';

/** The first of the reference's description questions, the one used at evaluation. */
export function descriptionQuestion(id: number): string {
  return (
    `Can you provide me with a detailed description of the region in the picture marked by ${promptTag(id)}?` +
    ' Please provide as detailed as possible.'
  );
}

/** The prompt for a description of the whole image. */
export const imageDescriptionQuestion = 'What is in this picture?';

/**
 * Stands before a question about a region that the question itself does not name; the form of
 * PerBench.
 */
export function regionReference(id: number): string {
  return `Please answer the question according to the ${promptTag(id)}. `;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** At most this many choices can be lettered. */
export const maximumChoices = letters.length;

/** A question with lettered choices; the form of PerBench. */
export function choiceQuestion(question: string, choices: readonly string[]): string {
  return `${question} ${lettered(choices).join(' ')} Select a correct choice.`;
}

/**
 * The answers to {@link choiceQuestion} that select each choice, in the form of another answer:
 * "(A) dog" or "dog."
 */
export function choiceAnswers(choices: readonly string[], likeAnswer: string): string[] {
  const hasLetter = /^\s*\(?[A-Z]\)/.test(likeAnswer);
  return hasLetter ? lettered(choices) : choices.map((choice) => `${choice}.`);
}

function lettered(choices: readonly string[]): string[] {
  return choices.map((choice, index) => `(${letters[index]}) ${choice}`);
}

/**
 * Words that ask where a region is, or how it stands to others: questions that a close look at it
 * cannot answer.
 */
const placeWords =
  /\b(where|left|right|above|below|under|behind|front|beside|between|next to|near(est)?|position|place|relation|(small|larg|bigg|tall)est|how many)\b/i;

/**
 * Whether a question is about a region's place among others, so that the whole image must be seen.
 */
export function isAboutPlace(question: string): boolean {
  return placeWords.test(question);
}
