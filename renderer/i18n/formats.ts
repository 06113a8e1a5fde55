/** How a language writes numbers, dates and enumerations; `locale` is a BCP 47 tag. */
export function formatsOf(locale: string) {
  const numbers = new Intl.NumberFormat(locale);
  const shortNumbers = new Intl.NumberFormat(locale, { notation: 'compact' });
  const dateTimes = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const days = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  return {
    number: (value: number): string => numbers.format(value),
    /** From ten thousand on in a few characters: `12K`. */
    shortNumber: (value: number): string => (value < 1e4 ? numbers : shortNumbers).format(value),
    dateTime: (atMs: number): string => dateTimes.format(atMs),
    /** A tick of a time axis: the day at midnight, else the time. */
    timeTick: (at: Date): string =>
      (at.getHours() === 0 && at.getMinutes() === 0 ? days : times).format(at),
    list: (parts: readonly string[]): string => lists.format(parts),
  };
}
