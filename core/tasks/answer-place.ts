/** Where the answer stands among the choices, from 0; -1 where it does not. */
export function answerPlace({
  choices,
  answer,
}: {
  readonly choices: readonly string[];
  readonly answer: string;
}): number {
  return answer === '' ? -1 : choices.indexOf(answer);
}
