const letters = { chosen: 'A', other: 'B' };
type Seat = keyof typeof letters;

/** Texts of the comparison of two models. */
export const compareModelsTexts = {
  title: 'Compare with another model',
  help: 'Each prompt is asked of the model in use (A) and then of this model (B). Both answers are shown, and you take one of them. Esc ends the comparison.',
  model: 'Model B',
  none: 'No other model is installed that segments regions.',
  server: (address: string) => `Photos are sent to ${address}.`,
  submit: 'Compare',
  loading: 'Loading the model…',
  label: 'Answers of two models',
  letter: (seat: Seat) => letters[seat],
  by: (model: string) => `Model ${model}`,
  outlines: 'Outlines',
  both: 'Both',
  outlinesOf: (seat: Seat) => `Outlines of model ${letters[seat]}`,
  take: (seat: Seat) => `Take ${letters[seat]}`,
  noPrompt: 'Waiting for a prompt: a point, a box, a scribble or text',
  noAnswer: 'No answer',
  masks: (count: number) => `${count} masks`,
  time: (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`),
  timeHint:
    'Time of the model for this prompt. The models answer one after the other. The first time of model B on an image includes preparing the image.',
};
