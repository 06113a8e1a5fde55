/**
 * Sentences by their names. Each is made from parts, which are plain JSON, so that they cross
 * processes.
 */
export type Dictionary = Readonly<Record<string, (parts: never) => string>>;

/**
 * The sentences about one subject, in each language of the interface. A subject is a format or a
 * feature, and its sentences lie in its own folder. Names are unique in the whole program: those of
 * a format begin with its id.
 */
export interface SentenceSet<English extends Dictionary = Dictionary> {
  /** On the command line, in logs, and for readers of English. */
  readonly english: English;
  readonly chinese: Translation<English>;
}

/** The same sentences in another language: the type check fails while one is missing. */
export type Translation<English extends Dictionary> = {
  readonly [Name in keyof English]: (...parts: Parameters<English[Name]>) => string;
};

/** Puts a subject's sentences together. */
export function sentenceSet<English extends Dictionary>(
  english: English,
  chinese: Translation<NoInfer<English>>,
): SentenceSet<English> {
  return { english, chinese };
}

/** The parts of a sentence of a dictionary. */
export type PartsIn<Said extends Dictionary, Name extends keyof Said> =
  Parameters<Said[Name]> extends [infer Parts extends object]
    ? Parts
    : Readonly<Record<string, never>>;

/** A sentence of a dictionary, made from its parts. */
export function sayIn<Said extends Dictionary, Name extends keyof Said>(
  dictionary: Translation<Said>,
  name: Name,
  parts: PartsIn<Said, Name>,
): string {
  return (dictionary[name] as (parts: object) => string)(parts);
}
