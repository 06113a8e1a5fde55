/** How a language writes numbers, dates and enumerations; `locale` is a BCP 47 tag. */
export function formatsOf(locale: string) {
  const numbers = new Intl.NumberFormat(locale);
  const dateTimes = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  return {
    number: (value: number): string => numbers.format(value),
    dateTime: (atMs: number): string => dateTimes.format(atMs),
    list: (parts: readonly string[]): string => lists.format(parts),
  };
}
