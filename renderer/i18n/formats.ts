/** How a language writes numbers, dates and enumerations; `locale` is a BCP 47 tag. */
export function formatsOf(locale: string) {
  const numbers = new Intl.NumberFormat(locale);
  const shortNumbers = new Intl.NumberFormat(locale, { notation: 'compact' });
  const dateTimes = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  return {
    number: (value: number): string => numbers.format(value),
    /** From ten thousand on in a few characters: `12K`. */
    shortNumber: (value: number): string => (value < 1e4 ? numbers : shortNumbers).format(value),
    dateTime: (atMs: number): string => dateTimes.format(atMs),
    list: (parts: readonly string[]): string => lists.format(parts),
  };
}
